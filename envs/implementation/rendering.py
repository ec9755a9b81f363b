"""Rendering: text, a picture as an array, or a window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ...core.extras import require
from .text_dashboard import text_dashboard

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from ...sim.implementation.world import ImplementationWorld


def world_text(world: ImplementationWorld) -> str:
    """The world's briefing as text, with the outcome once it is over."""
    customer = world.customer.name or f"Customer {world.seed}"
    card = world.scorecard() if world.finished else None
    return text_dashboard(world.briefing(), customer, world.scenario.title, card)


def figure_pixels(figure: Figure) -> NDArray[np.uint8]:
    """A figure drawn without a screen: uint8[height, width, 3]."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas: Any = FigureCanvasAgg(figure)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3].copy()


class Renderer:
    """Draws a world in one render mode and keeps the figure or window between calls."""

    def __init__(self, mode: str) -> None:
        if mode != "ansi":
            require("plots")
        self._mode = mode
        self._figure: Figure | None = None
        self._window: Window | None = None

    def render(self, world: ImplementationWorld) -> str | NDArray[np.uint8] | None:
        """Text, pixels, or nothing (a window shows it)."""
        if self._mode == "ansi":
            return world_text(world)
        from .dashboard import draw_dashboard

        if self._mode == "rgb_array":
            self._figure = draw_dashboard(world, self._figure)
            return figure_pixels(self._figure)
        if self._window is None:
            self._window = Window()
        self._window.show(world)
        return None

    def close(self) -> None:
        """Close the window, if any."""
        if self._window is not None:
            self._window.close()
        self._window = self._figure = None


class Window:
    """The dashboard in a window or notebook; as printed text where there is neither."""

    def __init__(self) -> None:
        self._figure: Any = None

    def show(self, world: ImplementationWorld) -> None:
        """Show the world as it is now."""
        import matplotlib
        from matplotlib import pyplot

        from .dashboard import DOTS_PER_INCH, HEIGHT_INCHES, WIDTH_INCHES, draw_dashboard

        backend = matplotlib.get_backend().lower()
        if "inline" in backend:
            _show_in_notebook(draw_dashboard(world, self._figure))
            return
        if not _opens_windows(backend):
            print(world_text(world))
            return
        if self._figure is None:
            size = (WIDTH_INCHES, HEIGHT_INCHES)
            self._figure = pyplot.figure("golive", figsize=size, dpi=DOTS_PER_INCH)
        draw_dashboard(world, self._figure)
        pyplot.pause(0.001)

    def close(self) -> None:
        """Close the window."""
        if self._figure is not None:
            from matplotlib import pyplot

            pyplot.close(self._figure)
            self._figure = None


def _opens_windows(backend: str) -> bool:
    from matplotlib.backends import registry

    filters: Any = registry.BackendFilter
    known: Any = registry.backend_registry
    return backend in known.list_builtin(filters.INTERACTIVE)


def _show_in_notebook(figure: Figure) -> None:
    import IPython.display

    display: Any = IPython.display
    display.clear_output(wait=True)
    display.display(figure)
