"""Primavera P6's XML (PMXML): the same tables as in XER files, under the names of P6's interface.

Source: "P6 EPPM XML Schema", Oracle; element names as there.
"""

from __future__ import annotations

import re
from pathlib import Path

from ....core.arithmetic import plain_sum, whole_sum
from .p6 import project_of
from .p6_tables import TABLES, Record
from .project import Finding, ImportedProject, Unmapped, read_bytes
from .xml_records import Element, XmlFormat, read_xml

FORMAT = "pmxml"
_INSIDE = (1, 2)
_TIME = re.compile(r"(?:[01]?[0-9]|2[0-4]):[0-5][0-9](?::[0-5][0-9])?")
XML = XmlFormat(
    root="APIBusinessObjects",
    namespace=re.compile(r"|http://xmlns\.oracle\.com/Primavera/P6/V?[0-9.]+/API/BusinessObjects"),
    expected="as Primavera P6 exports XML",
    records={
        "Activity": ("Activity {}", _INSIDE),
        "Relationship": ("Relationship {}", _INSIDE),
        "ResourceAssignment": ("ResourceAssignment {}", _INSIDE),
        "WBS": ("WBS {}", _INSIDE),
        "Calendar": ("Calendar {}", _INSIDE),
        "Resource": ("Resource {}", (1,)),
        "Role": ("Role {}", (1,)),
        "ResourceRate": ("ResourceRate {}", (1,)),
        "BaselineProject": ("BaselineProject {}", (1,)),
    },
    parts=frozenset(("StandardWorkHours", "WorkTime", "HolidayOrException")),
)
_TABLES = {
    "Activity": "TASK",
    "Relationship": "TASKPRED",
    "ResourceAssignment": "TASKRSRC",
    "WBS": "PROJWBS",
    "Calendar": "CALENDAR",
    "Resource": "RSRC",
    "Role": "ROLES",
    "ResourceRate": "RSRCRATE",
}
_FIELDS = {
    "TASK": {
        "ObjectId": "task_id", "Id": "task_code", "Name": "task_name", "Type": "task_type",
        "Status": "status_code", "WBSObjectId": "wbs_id", "CalendarObjectId": "clndr_id",
        "ProjectObjectId": "proj_id", "PlannedDuration": "target_drtn_hr_cnt",
        "PlannedLaborUnits": "target_work_qty", "ActualLaborUnits": "act_work_qty",
        "RemainingLaborUnits": "remain_work_qty", "PlannedNonLaborUnits": "target_equip_qty",
        "ActualNonLaborUnits": "act_equip_qty", "RemainingNonLaborUnits": "remain_equip_qty",
        "PrimaryConstraintType": "cstr_type", "PrimaryConstraintDate": "cstr_date",
        "SecondaryConstraintType": "cstr_type2", "SecondaryConstraintDate": "cstr_date2",
    },
    "TASKPRED": {
        "PredecessorActivityObjectId": "pred_task_id", "SuccessorActivityObjectId": "task_id",
        "PredecessorProjectObjectId": "pred_proj_id", "SuccessorProjectObjectId": "proj_id",
        "Type": "pred_type", "Lag": "lag_hr_cnt",
    },
    "TASKRSRC": {
        "ActivityObjectId": "task_id", "ResourceObjectId": "rsrc_id", "RoleObjectId": "role_id",
        "ResourceType": "rsrc_type", "PlannedUnits": "target_qty", "ActualUnits": "act_reg_qty",
        "RemainingUnits": "remain_qty", "PlannedUnitsPerTime": "target_qty_per_hr",
    },
    "PROJWBS": {
        "ObjectId": "wbs_id", "ParentObjectId": "parent_wbs_id", "Name": "wbs_name",
        "Code": "wbs_short_name",
    },
    "CALENDAR": {
        "ObjectId": "clndr_id", "Name": "clndr_name", "HoursPerDay": "day_hr_cnt",
        "HoursPerWeek": "week_hr_cnt",
    },
    "RSRC": {
        "ObjectId": "rsrc_id", "Name": "rsrc_name", "Id": "rsrc_short_name",
        "ResourceType": "rsrc_type",
    },
    "ROLES": {"ObjectId": "role_id", "Name": "role_name", "Id": "role_short_name"},
    "RSRCRATE": {"ResourceObjectId": "rsrc_id", "MaxUnitsPerTime": "max_qty_per_hr"},
}  # fmt: skip
"""Elements of each table, and the fields that they are in an XER file."""
_WORDS = {
    "task_type": {
        "Task Dependent": "TT_Task", "Resource Dependent": "TT_Rsrc", "Level of Effort": "TT_LOE",
        "Start Milestone": "TT_Mile", "Finish Milestone": "TT_FinMile", "WBS Summary": "TT_WBS",
    },
    "status_code": {
        "Not Started": "TK_NotStart", "In Progress": "TK_Active", "Completed": "TK_Complete",
    },
    "pred_type": {
        "Finish to Start": "PR_FS", "Start to Start": "PR_SS", "Finish to Finish": "PR_FF",
        "Start to Finish": "PR_SF",
    },
    "rsrc_type": {"Labor": "RT_Labor", "Nonlabor": "RT_Equip", "Material": "RT_Mat"},
}  # fmt: skip
"""Words of a field, and what an XER file has for them."""
_DAY_NAMES = frozenset(
    ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)


def read_project(path: Path | str) -> ImportedProject:
    """Read a project.

    Raises:
        GoliveError: not such a file, or as ``p6.project_of``; names file, line, table and field.
    """
    path = Path(path)
    root, records = read_xml(path, read_bytes(path), XML)
    findings: list[Finding] = []
    tables: dict[str, list[Record]] = {name: [] for name in TABLES}
    for name, table in _TABLES.items():
        tables[table] = [_record(path, element, table) for element in records[name]]
    tables["RSRCRATE"] += [  # older versions have it in the resource
        _record(path, element, "RSRCRATE", {"ObjectId": "rsrc_id"})
        for element in records["Resource"]
        if element.text("MaxUnitsPerTime")
    ]
    own = {
        "proj_short_name": root.text("Project.Name") or root.text("Project.Id"),
        "clndr_id": root.text("Project.ActivityDefaultCalendarObjectId"),
    }
    tables["PROJECT"] = [Record(path, 1, "PROJECT", own)]
    if records["BaselineProject"]:
        words = f"{len(records['BaselineProject'])} baseline projects are not read"
        findings.append(Finding(Unmapped.BASELINE, "file", words))
    weeks = {element.text("ObjectId"): _week(element) for element in records["Calendar"]}
    return project_of(path, FORMAT, tables, weeks, findings)


def _record(path: Path, element: Element, table: str, more: dict[str, str] | None = None) -> Record:
    cells = {}
    for name, field in {**_FIELDS[table], **(more or {})}.items():
        text = element.text(name)
        if text:
            cells[field] = _WORDS.get(field, {}).get(text, text)
    if table == "TASK":  # a fraction here
        cells["phys_complete_pct"] = f"{100.0 * element.number('PercentComplete', 0.0):g}"
    return Record(path, element.line, table, cells)


def _week(calendar: Element) -> tuple[list[float], int]:
    """Hours of each day of a calendar's week, and the number of its exceptions."""
    lengths = []
    for day in calendar.all("StandardWorkHours"):
        if day.text("DayOfWeek") in _DAY_NAMES:
            lengths.append(plain_sum(_span(part) for part in day.all("WorkTime")))
    return lengths, whole_sum(1 for _ in calendar.all("HolidayOrException"))


def _span(part: Element) -> float:
    """Hours of a span of work; P6 ends one a minute early, as ``11:59``."""
    minutes = []
    for name in ("Start", "Finish"):
        text = part.text(name)
        if not text:
            return 0.0
        if not _TIME.fullmatch(text):
            raise part.error(name, text, "a time of day such as 08:00:00")
        hour, minute = text.split(":")[:2]
        minutes.append(int(hour) * 60 + int(minute))
    length = minutes[1] - minutes[0]
    if minutes[1] % 10 == 9:
        length += 1
    return (length if length > 0 else length + 1_440) / 60.0
