"""The gateway world: who should do this task?"""
