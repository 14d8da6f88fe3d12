"""A date in the learner's own calendar: answer the twelve questions again, in a week (RFC 5545)."""

import re
from datetime import datetime, timedelta, timezone
from uuid import uuid4

NAME = "my-reminder.ics"
WAIT = timedelta(days=7)

# ASCII alone, so that a character is the octet that the format counts.
EVENT = r"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Leverage Lab//course//EN
BEGIN:VEVENT
UID:{uid}
DTSTAMP:{now:%Y%m%dT%H%M%SZ}
DTSTART;VALUE=DATE:{day:%Y%m%d}
SUMMARY:Leverage Lab: the twelve questions once more
DESCRIPTION:Open chapter 8 (08-two-articles)\, section 6\, and answer the twelve questions once more\, without looking
  back. It takes about six minutes. Then press Compare in section 4: your new answers are shown beside the first two
  sets.
TRANSP:TRANSPARENT
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:PT9H
DESCRIPTION:Leverage Lab: the twelve questions once more
END:VALARM
END:VEVENT
END:VCALENDAR
"""


def reminder(now=None):
    """The text of a calendar file with one entry, for the whole day a week from now."""
    now = now or datetime.now().astimezone()
    lines = EVENT.format(uid=uuid4(), now=now.astimezone(timezone.utc), day=now + WAIT).replace("\n  ", " ")
    return "".join("\r\n ".join(re.findall(".{1,74}", line)) + "\r\n" for line in lines.splitlines())
