"""The purposes of the world's random draws: what each is for and whom it concerns.

A draw is ``streams.uniform(PURPOSE, whom, attempt)``. Two purposes never share a key, so
adding one changes none of the others.
"""

from __future__ import annotations

from ...scenarios import purpose

PROJECT_EFFORT = purpose("implementation/effort of the whole project")
PACKAGE_EFFORT = purpose("implementation/effort of a package")
PACKAGE_DEFECTS = purpose("implementation/defect proneness of a package")
DEFECT_ARRIVAL = purpose("implementation/defect arrivals of a package")
DEFECT_SEVERITY = purpose("implementation/severity of a defect")
DEFECT_EFFORT = purpose("implementation/effort of a defect's fix")
DEFECT_IN_BUILD = purpose("implementation/defect found in build")
DEFECT_IN_TEST = purpose("implementation/defect found in a test cycle")
DEFECT_IN_CHECK = purpose("implementation/defect found in an acceptance check")
DEFECT_SURFACES = purpose("implementation/defect shows in production")
BAD_FIX = purpose("implementation/bad fix")
QUESTION_ARISES = purpose("implementation/package has a question")
QUESTION_MOMENT = purpose("implementation/moment of the question")
QUESTION_LATENCY = purpose("implementation/latency of an answer")
QUESTION_WORKSHOP = purpose("implementation/question settled in a workshop")
ASSUMPTION = purpose("implementation/wrong assumption")
HIDDEN_FOUND = purpose("implementation/hidden requirement comes out")
CREEP_AMOUNT = purpose("implementation/scope creep, amount")
CREEP_DAY = purpose("implementation/scope creep, day")
CREEP_REJECTED = purpose("implementation/change request kept out")
CREEP_EFFORT = purpose("implementation/effort of a change request")
CREEP_DEPARTMENT = purpose("implementation/department of a change request")
CLEANSE_PRODUCTIVITY = purpose("implementation/cleansing productivity of an object")
INTERFACE_FAULT = purpose("implementation/interface fails its first test")
INTERFACE_LIVE = purpose("implementation/interface fails in production")
INTERFACE_CASCADE = purpose("implementation/interface failure cascades")
OUTAGE_DAY = purpose("implementation/day of an outage")
OUTAGE_LENGTH = purpose("implementation/length of an outage")
OUTAGE_NOTICE = purpose("implementation/notice of an outage")
OUTAGE_SYSTEM = purpose("implementation/system of an outage")
DISRUPTION_HAPPENS = purpose("implementation/outage happens")
DISRUPTION_DAY = purpose("implementation/day of a disruption")
DISRUPTION_NOTICE = purpose("implementation/notice of a disruption")
DISRUPTION_TARGET = purpose("implementation/target of a disruption")
DISRUPTION_EFFORT = purpose("implementation/effort that mends a disruption")
DISRUPTION_EVENT = purpose("implementation/event of a disruption")
PERSON_TRUST = purpose("implementation/trust of a person")
PERSON_RESISTANCE = purpose("implementation/resistance of a person")
SURVEY = purpose("implementation/survey error")
NPS = purpose("implementation/NPS survey error")
CHECK_PASSES = purpose("implementation/acceptance check passes")
CHECK_USER = purpose("implementation/user refuses acceptance")
DIP_DEPTH = purpose("implementation/depth of the dip")
CANCELLATION = purpose("implementation/sponsor cancels")
