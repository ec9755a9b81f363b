"""Mechanism 9: interfaces fail their first test, fail live, and take one another down."""

from __future__ import annotations

from . import draws
from .briefing import DefectSeverity
from .context import Context
from .defects import Defects
from .state import DefectState, Package, PackageKind, Stage

_TEST_KEY = 1 << 41
_LIVE_KEY = 1 << 42
_LIVE_KEY_STEP = 4_096
"""Keys of interfaces' defects lie beyond all packages'; each interface may fail 4,096 times."""
LEAST_CARELESSNESS = 0.5
"""However careful the crew, the other system's side of an interface may be wrong."""


class Interfaces:
    """Connections to other systems.

    Source of the cascade: Flyvbjerg et al. 2022 (dependence makes the fat tail).
    """

    def __init__(self, context: Context, defects: Defects) -> None:
        self.context = context
        self.state = context.state
        self.defects = defects
        self._between = [item.between_sites for item in context.customer.interfaces]
        self._package = {
            package.subject: package.id
            for package in self.state.packages
            if package.kind == PackageKind.INTERFACE
        }

    def package_done(self, package: Package) -> None:
        """Settle whether an interface that is built would fail its first test."""
        interface = self.state.interfaces[package.subject]
        interface.built = True
        draw = self.context.streams.uniform(draws.INTERFACE_FAULT, package.subject)
        chance = self.context.parameters.interface_first_failure
        interface.faulty = draw < chance * max(LEAST_CARELESSNESS, package.errors)

    def test(self) -> None:
        """Run every interface that is built, in a test cycle."""
        for index, interface in enumerate(self.state.interfaces):
            if not interface.built or interface.failing:
                continue
            if interface.faulty:
                self._fail(index, Stage.SIT, _TEST_KEY + index)
            else:
                interface.tested = True

    def _fail(self, index: int, stage: Stage, key: int) -> None:
        """An interface is known to fail; mending it is a fix package."""
        interface = self.state.interfaces[index]
        interface.failing = True
        interface.failures += 1
        name = self.context.customer.interfaces[index].name
        self.context.note("interface_failed", name)
        critical = int(DefectSeverity.CRITICAL)
        defect = self.defects.add(self._package[index], key, critical, interface=index)
        if defect.state == DefectState.LATENT:
            self.defects.open(len(self.state.defects) - 1, stage)

    def live_day(self) -> None:
        """Draw a day's failures in production, and what they take down with them."""
        p, streams = self.context.parameters, self.context.streams
        day = self.state.day
        for index, interface in enumerate(self.state.interfaces):
            if not interface.built or interface.failing:
                continue
            chance = p.interface_live_failure * self.context.strain.interface_failure
            if not interface.tested or interface.faulty:
                chance *= p.interface_untested_factor
            if streams.uniform(draws.INTERFACE_LIVE, index, day) < chance:
                self._fail_live(index)

    def _fail_live(self, index: int) -> None:
        interface = self.state.interfaces[index]
        key = _LIVE_KEY + index * _LIVE_KEY_STEP + interface.failures
        self._fail(index, Stage.LIVE, key)
        p, streams = self.context.parameters, self.context.streams
        for other, dependent in enumerate(self.state.interfaces):
            if dependent.depends_on == index and dependent.built and not dependent.failing:
                draw = streams.uniform(draws.INTERFACE_CASCADE, other, self.state.day)
                if draw < p.cascade:
                    self._fail_live(other)

    def failing_share(self) -> float:
        """Share of the interfaces that do not work (unbuilt ones included).

        What joins the sites counts from when it is built; before, see ``sites``.
        """
        counted = bad = 0
        for item, between in zip(self.state.interfaces, self._between, strict=True):
            if item.built or not between:
                counted += 1
                if not item.built or item.failing or item.faulty:
                    bad += 1
        return bad / counted if counted else 0.0
