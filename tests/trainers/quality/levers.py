"""A tiny world: every round one of three levers is right, and a sign mostly says which."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from pydantic import BaseModel

from golive.core.random_streams import RandomStreams, purpose
from golive.envs.encoding import Encoder
from golive.envs.rewards import RewardLanguage
from golive.scenarios.scenario import Scenario
from golive.sim.metrics import Better, Metric, Style
from golive.sim.numbers import Choices, Column, Factor, Group
from golive.sim.protocol import Snapshot
from golive.sim.world_kind import Figures, WorldKind

ROUNDS = 16
RIGHT, NOISE, DOUBT = (purpose(f"levers/{what}") for what in ("right", "noise", "doubt"))


class LeversScenario(Scenario):
    world: str = "levers"


@dataclass(frozen=True)
class Decision:
    lever: int = 0


@dataclass(frozen=True)
class Briefing:
    round: int
    sign: int
    won: int
    mood: float = 0.0


@dataclass(frozen=True)
class Legal:
    def replace_illegal(self, decision):
        return decision, 0


@dataclass(frozen=True)
class Scorecard:
    won: int
    score: float

    def as_dict(self):
        return asdict(self)


@dataclass
class State:
    doubt: float  # how often a sign is wrong: nobody is told
    answer: int = 0  # the right lever of this round: nobody is told
    sign: int = 0
    round: int = 0
    won: int = 0


class LeversWorld:
    hours_per_day = 1.0
    horizon = float(ROUNDS)
    illegal_decisions = 0
    subject = "levers"

    def __init__(self, scenario, seed, state=None):
        self.scenario, self.seed = scenario, seed
        self.luck = RandomStreams(seed)
        self.state = state or State(doubt=0.05 + 0.2 * self.luck.uniform(DOUBT))
        if state is None:
            self.put_up()

    @classmethod
    def restore(cls, snapshot, *, record=False, seed=None):
        saved = snapshot.payload
        scenario = LeversScenario.model_validate(saved["scenario"])
        seed = saved["seed"] if seed is None else seed
        return cls(scenario, seed, State(**saved["state"]))

    now = property(lambda self: float(self.state.round))
    finished = property(lambda self: self.state.round >= ROUNDS)

    def put_up(self):
        """Draw the right lever of a round, and its sign."""
        s = self.state
        s.answer = 1 + int(3 * self.luck.uniform(RIGHT, s.round))
        wrong = self.luck.uniform(NOISE, s.round) < s.doubt
        s.sign = 1 + (s.answer - 1 + wrong) % 3

    def briefing(self):
        s = self.state
        return Briefing(s.round, s.sign, s.won)

    def legal(self):
        return Legal()

    def advance(self, decision):
        if self.finished:
            raise RuntimeError("over")
        s = self.state
        s.won += decision.lever == s.answer
        s.round += 1
        self.put_up()

    def scorecard(self):
        return Scorecard(self.state.won, self.state.won / ROUNDS)

    def snapshot(self):
        scenario = self.scenario.model_dump(mode="json")
        state = asdict(self.state)
        return Snapshot("levers", 1, {"scenario": scenario, "seed": self.seed, "state": state})

    def digest(self):
        return hashlib.blake2b(repr(self.snapshot()).encode(), digest_size=16).hexdigest()


class LeversNumbers:
    groups = (
        Group(
            "room",
            ("",),
            (
                Column("round", "rounds so far", 0.0, 1.0, float(ROUNDS)),
                Column("sign", "lever that the sign points at", 0.0, 3.0),
                Column("won", "rounds won", 0.0, 1.0, float(ROUNDS)),
            ),
        ),
    )
    choices = Choices([Factor("lever", ("none", "left", "middle", "right"))])
    _encoder = Encoder(groups)

    def encode(self, briefing):
        return self._encoder.encoded([briefing.round, briefing.sign, briefing.won])

    def mask(self, legal):
        return np.ones(4, np.bool_)

    def decode(self, action):
        return Decision(*self.choices.checked(action))

    def action(self, decision):
        return np.array([decision.lever])


class Weights(BaseModel):
    won: float = 1.0


class Won:
    """Pays for a round that was won."""

    name = "won"

    def value(self, transition):
        return float(transition.after.won - transition.before.won)


def rewards(term=Won):
    return RewardLanguage("levers", Weights, {"won": Weights()}, lambda weights: (term(),))


class Reader:
    """Pulls what the sign says; now and then only."""

    def __init__(self, name="reader", every=1):
        self.name, self.every = name, every

    def reset(self, seed):
        pass

    def decide(self, briefing, legal):
        return Decision(briefing.sign if briefing.round % self.every == 0 else 0)


class Stubborn(Reader):
    """Pulls one lever for ever."""

    def decide(self, briefing, legal):
        return Decision(1)


KIND = WorldKind(
    name="levers",
    title="Three levers and a sign",
    environment="golive/Levers-v0",
    scenario=LeversScenario,
    library=Path(__file__).parent / "library",
    default_scenario="levers",
    default_suite="levers",
    build=lambda scenario, seed, record=False: LeversWorld(scenario, seed),
    restore=LeversWorld.restore,
    numbers=LeversNumbers,
    rewards=rewards,
    moment=lambda briefing: briefing.round,
    neutral=Decision,
    metrics=(Metric("score", "Score", Better.HIGHER, Style.SCORE, short="score"),),
    no_scorecard={"won": 0, "score": 0.0},
    figures=Figures(score="score"),
    policies={
        "reader": Reader,
        "idler": lambda: Reader("idler", every=2),
        "stubborn": lambda: Stubborn("stubborn"),
    },
    baselines=("reader", "idler"),
    probes=("stubborn",),
    latent=("doubt", "answer"),
    most_decisions=ROUNDS,
)
