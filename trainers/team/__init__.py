"""Learning in a team: MAPPO and IPPO over ``golive.envs.team.TeamEnv``, begun by imitation.

``golive.trainers.training.train`` makes such a training where the configuration has ``team:``.
"""
