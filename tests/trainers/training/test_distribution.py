"""The batched distribution is sb3-contrib's, only faster."""

import numpy as np
import pytest
import torch
from sb3_contrib.common.maskable.distributions import MaskableMultiCategoricalDistribution

from golive.trainers.training.distribution import BatchedMaskableMultiCategorical

SIZES = [9, 9, 9, 9, 9, 3, 12]


def random_case(batch: int, seed: int):
    generator = torch.Generator().manual_seed(seed)
    logits = 3.0 * torch.randn(batch, sum(SIZES), generator=generator)
    masks = torch.rand(batch, sum(SIZES), generator=generator) < 0.4
    start = 0
    for size in SIZES:
        masks[:, start + size - 1] |= ~masks[:, start : start + size].any(dim=1)
        start += size
    return logits, masks


def both(logits: torch.Tensor, masks: torch.Tensor | None):
    reference = MaskableMultiCategoricalDistribution(SIZES).proba_distribution(logits)
    ours = BatchedMaskableMultiCategorical(SIZES).proba_distribution(logits)
    if masks is not None:
        reference.apply_masking(masks)
        ours.apply_masking(masks)
    return reference, ours


@pytest.mark.parametrize("masked", [True, False])
def test_it_equals_the_distribution_of_sb3_contrib(masked: bool) -> None:
    logits, masks = random_case(200, 0)
    reference, ours = both(logits, masks if masked else None)
    actions = reference.sample()
    torch.testing.assert_close(ours.log_prob(actions), reference.log_prob(actions))
    torch.testing.assert_close(ours.entropy(), reference.entropy())
    assert torch.equal(ours.mode(), reference.mode())


def test_gradients_equal_those_of_sb3_contrib() -> None:
    logits, masks = random_case(50, 1)
    gradients = []
    for distribution_of in (0, 1):
        leaf = logits.clone().requires_grad_()
        distribution = both(leaf, masks)[distribution_of]
        actions = both(logits, masks)[0].mode()
        (distribution.log_prob(actions).mean() + distribution.entropy().mean()).backward()
        gradients.append(leaf.grad)
    torch.testing.assert_close(gradients[0], gradients[1], atol=1e-6, rtol=1e-5)


def test_samples_follow_the_probabilities_and_are_legal() -> None:
    torch.manual_seed(0)
    logits, masks = random_case(1, 2)
    draws = 40_000
    _, ours = both(logits.expand(draws, -1), masks.expand(draws, -1))
    actions = ours.sample()
    start = 0
    for factor, size in enumerate(SIZES):
        legal = masks[0, start : start + size]
        expected = torch.where(legal, logits[0, start : start + size], -torch.inf).softmax(0)
        observed = torch.bincount(actions[:, factor], minlength=size) / draws
        assert not observed[~legal].any()
        np.testing.assert_allclose(observed.numpy(), expected.numpy(), atol=0.015)
        start += size
