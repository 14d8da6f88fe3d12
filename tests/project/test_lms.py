"""The questions for learning management systems: what is in them and what is refused; the files as other programs read
them, with every number given to the judge that learners meet."""

import html
import json
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path

import pytest
from test_answer_key import POLLS, answer_key

from leverage_lab.chapters.inventory import ITEMS
from leverage_lab.classroom.exercises import exercise_book
from leverage_lab.panelkit.practice import Choice, Repair, judge

ROOT = Path(__file__).resolve().parents[2]
from lms import gift, moodle, qti21, questions, words

SHOWN = re.compile(
    r"\b(panel|slider|cell|notebook|picture|tables? (above|of)|chapters? \d|run the|your function|claim [LF]\d)",
    re.IGNORECASE,
)
ROUNDED = re.compile(r"\bto the (dollar|cent)\b|\bto (one|two|three) decimals?\b", re.IGNORECASE)
ROUNDED_ELSEHOW = re.compile(r"\b(rounded|nearest|whole (dollars|numbers?|percent))\b", re.IGNORECASE)
DECIMALS = {"dollar": 0, "cent": 2, "one": 1, "two": 2, "three": 3}


@pytest.fixture(scope="module")
def bank():
    return questions.entries()


def task_of(title):
    """The task behind a question's name such as “1-short (2)”."""
    id, number = re.fullmatch(r"(.+) \((\d)\)", title).groups()
    return questions.drawn(exercise_book.exercises[id])[int(number) - 1]


def verdict(task, value):
    """What the judge says to a number as it is typed in a question: percent as percent."""
    return judge(task, f"{value:f} %" if task.unit == "%" else value)


def said_of(task, value, why, share):
    """A number of a file, with its sentence and its share of the mark, is judged as the file says."""
    told = verdict(task, value)
    assert share in (0, 100)
    assert (told.kind == "right") == (share == 100), (task.ask, value, told)
    if why.startswith("That is the right fraction"):  # the judge knows it, too, in other words
        assert told.kind == "known" and "off by a factor of 100" in told.text
    elif share != 100:
        assert told.kind == "known" and why.replace("\u00a0", " ") in plain(told.text).replace("\u00a0", " "), told


def plain(text):
    """Words without the marks and the places in the course that stay behind."""
    bare = re.sub(r"\*\*|`", "", text)
    return re.sub(r" \((section|chapter) \d\)|, chapter \d(?=\))", "", bare, flags=re.IGNORECASE)


def read(text):
    """What a reader sees of HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br/?>", "\n", text)))


# What is in them


def test_each_poll_is_in_or_left_out_with_a_reason(bank):
    found, left_out = bank
    assert {entry.id for entry in found} | set(left_out) >= set(POLLS)
    assert {entry.id for entry in found} <= set(POLLS) and not {entry.id for entry in found} & set(left_out)
    repairs = {id for id, one in exercise_book.exercises.items() if isinstance(one, Repair)}
    assert {id for id, why in left_out.items() if "needs Python" in why} == repairs
    assert set(left_out) & set(exercise_book.exercises) == repairs  # no exercise leans on its page
    without = {id for id, why in left_out.items() if "makes no poll" in why}
    assert not without & set(POLLS)
    assert set(left_out) & set(POLLS) == {id for id, why in left_out.items() if "place in the course" in why}
    assert len(found) > 100


def test_a_question_stands_alone(bank):
    """A student in Moodle sees no panel and no cell."""
    for entry in bank[0]:
        for one in {*entry.asked, *entry.polled}:
            for where, text in one.texts().items():
                assert not SHOWN.search(text), (one.name, where, text)


def decimals_asked(ask):
    return DECIMALS[next(filter(None, ROUNDED.search(ask).groups())).lower()]


def not_as_asked(asked):
    """[(question, value offered)] of (question, values) whose words name a rounding that the value does not have."""
    found = []
    for ask, values in asked:
        assert not ROUNDED_ELSEHOW.search(ask), f"{ask}: how many decimals is that? Say it in the words of PLACES."
        if ROUNDED.search(ask):
            digits = {value: re.search(r"\d[\d,]*(?:\.(\d+))?", value)[1] or "" for value in values}
            found += [(ask, value) for value in values if len(digits[value]) != decimals_asked(ask)]
    return found


@pytest.mark.parametrize("kind", ["poll", "result", "gift", "moodle", "qti21"])
def test_values_are_offered_with_the_rounding_that_the_question_asks_for(bank, kind):
    """In polls and slides, as the result of the worked solution, and in the files. (QTI 1.2 is compared with 2.1.)"""
    drawn = [entry for entry in bank[0] if entry.drawn]
    polled = [one for entry in drawn for one in entry.polled]
    if kind == "poll":
        numbers = [id for id, one in exercise_book.exercises.items() if not isinstance(one, Repair)]
        asked = [(made[0], made[1]) for id in numbers if (made := answer_key.poll("check", id))]
    elif kind == "result":
        asked = [(one.ask, re.findall(r"\*\*(.+?)\*\*", one.solution)[-1:]) for one in polled]
    elif kind == "gift":
        files = [gift.question(one) for one in polled]
        asked = [(read(text.partition("{\n")[0]), re.findall(r"^[=~](.+?)#", text, flags=re.M)) for text in files]
    elif kind == "moodle":
        quiz = ET.Element("quiz")
        for one in polled:
            moodle.question(quiz, one)
        asked = [
            (read(one.findtext("questiontext/text")), [read(a.findtext("text")) for a in one.findall("answer")])
            for one in quiz
        ]
    else:
        items = [qti21.item(one).decode() for one in polled]
        asked = [(seen(parts(text, "itemBody")[0][0]), list(map(seen, parts(text, "simpleChoice")))) for text in items]
    assert sum(bool(ROUNDED.search(ask)) for ask, _ in asked) == (8 if kind == "poll" else 40)
    assert all(values for _, values in asked) and not not_as_asked(asked)


def test_the_right_number_that_moodle_shows_is_rounded_as_the_question_asks(bank):
    """Unless the exact one would no longer count as right: a draw whose tolerance is hardly more than half a dollar."""
    asked = [one for entry in bank[0] for one in entry.asked if one.typed and ROUNDED.search(one.ask)]
    exact = 0
    for one in asked:
        right, answer = one.answers[0], task_of(one.name).answer
        answer *= 100 if task_of(one.name).unit == "%" else 1
        assert abs(answer - right.value) <= right.tolerance, one.name
        exact += len(words.number(right.value).partition(".")[2]) > decimals_asked(one.ask)
    assert len(asked) == 40 and exact <= 1


def test_no_question_of_the_inventory_is_in_them(bank):
    texts = {text for entry in bank[0] for one in entry.polled for text in one.texts().values()}
    assert not texts & {item.ask for item in ITEMS} and len(texts) > 1000


def test_each_exercise_has_five_draws_and_how_to_type_the_answer(bank):
    for entry in bank[0]:
        if "(prediction)" in entry.id:
            assert len(entry.asked) == len(entry.polled) == 1
            continue
        assert len({one.ask for one in entry.asked}) == len({one.ask for one in entry.polled}) == 5
        tasks = questions.drawn(exercise_book.exercises[entry.id])
        assert tasks[0].ask == exercise_book.task(entry.id).ask and all(task.apart() for task in tasks)
        for task, typed, polled in zip(tasks, entry.asked, entry.polled, strict=True):
            assert typed.ask.startswith(words.without_place(task.ask)) and 3 <= len(polled.answers) <= 6
            assert ("Type the" in typed.ask) != isinstance(task, Choice)


def test_numbers_of_the_xml_are_judged_as_it_says(bank):
    """The right one, the ends of what still counts as right, and every known wrong one with its sentence."""
    found = [one for one in ET.fromstring(moodle.moodle(bank[0])) if one.get("type") == "numerical"]
    assert len(found) == 5 * sum(entry.asked[0].typed for entry in bank[0]) > 350
    for one in found:
        task = task_of(one.findtext("name/text"))
        answers = [
            (
                float(a.findtext("text")),
                float(a.findtext("tolerance")),
                a.findtext("feedback/text"),
                float(a.get("fraction")),
            )
            for a in one.findall("answer")
        ]
        said = {read(answer[2]) for answer in answers}
        assert said >= {plain(wrong.why) for wrong in task.wrong}
        for value, tolerance, why, share in answers:
            said_of(task, value, read(why), share)
            if share == 100:
                assert all(verdict(task, value + end * tolerance).kind == "right" for end in (0.99, -0.99))
        spans = sorted((value - tolerance, value + tolerance) for value, tolerance, *_ in answers)
        assert all(a[1] < b[0] for a, b in zip(spans, spans[1:])), one.findtext("name/text")


def test_a_known_wrong_number_meets_its_sentence_when_it_is_typed_to_three_digits(bank):
    """As the question says. Not where another answer is so near that the typed number could be either."""
    met, apart = 0, 0
    for entry in bank[0]:
        for one in entry.asked if entry.drawn and entry.asked[0].typed else ():
            for answer in one.answers if "Three digits are enough" in one.ask else ():
                typed = float(f"{answer.value:.3g}")
                far = abs(typed - answer.value)
                if any(0 < abs(answer.value - other.value) < 2.1 * far for other in one.answers):
                    apart += 1
                elif not answer.right:
                    tolerance = float(words.number(answer.tolerance))
                    assert abs(typed - float(words.number(answer.value))) <= tolerance, (one.name, answer)
                    met += 1
    assert met > 1_000 and apart < 20


@pytest.mark.parametrize("text", ["In the tables of chapter 5 it is 1 %.", "Fees as in the table.", "See chapter 3."])
def test_words_that_lean_on_the_course_are_found(text):
    assert words.leans(text)


def test_a_pointer_in_brackets_stays_behind():
    assert words.without_place("A dollar (an inverse contract, chapter 1). So (Chapter 2).") == (
        "A dollar (an inverse contract). So."
    )


# What is refused


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("growth = ∑ p", "has the sign U+2211 (N-ARY SUMMATION), which not every system shows"),
        ("![](curve.png)", "has a picture, and these files hold words alone"),
        ("It costs $$5.", "has the sign $$, which would be read as markup"),
        (r"\frac{1}{20}", "has the sign \\, which would be read as markup"),
        ("2 * 3", "has the sign *, which would be read as markup"),
        ("<b>bold</b>", "has the sign <b, which would be read as markup"),
        (" ", "has no words"),
    ],
)
def test_what_a_format_cannot_hold_is_refused_with_id_and_reason(bank, text, reason):
    entry = bank[0][0]
    one = entry.polled[0]
    bad = questions.Question("9-new (1)", text, one.answers, one.solution, one.hints)
    with pytest.raises(questions.Refused) as problem:
        questions.refuse([entry, questions.Entry("9-new", 9, (bad,), (bad,))])
    assert str(problem.value) == f"9-new (1): its question {reason}"


def test_options_that_say_the_same_are_refused():
    answers = (questions.Answer("$5", True, "Right."), questions.Answer("$5", False, "No."))
    one = questions.Question("9-new (1)", "How much?", answers, "Five.")
    with pytest.raises(questions.Refused, match=r"^9-new \(1\): two of its options say the same$"):
        questions.refuse([questions.Entry("9-new", 9, (one,), (one,))])


def test_all_that_the_course_asks_is_accepted(bank):
    questions.refuse(bank[0])


def test_signs_of_gift_are_escaped():
    answers = (questions.Answer("a = b", True, "Right: {yes}."), questions.Answer("~5 #1", False, r"a \ b"))
    one = questions.Question("9-new (1)", "Is 3 < 5 & **true**?\nSay: so.", answers, "Done.")
    assert gift.question(one) == (
        "::9-new (1)::[html]Is 3 &lt; 5 &amp; <strong>true</strong>?<br/>Say\\: so. {\n"
        "=a \\= b#Right\\: \\{yes\\}.\n"
        "~\\~5 \\#1#a \\\\ b\n"
        "####Done.\n}"
    )


def test_names_in_a_package_are_identifiers(bank):
    names = [qti21.name(one) for entry in bank[0] for one in entry.polled]
    assert len(names) == len(set(names)) and all(re.fullmatch(r"[A-Za-z_][\w.-]*", name) for name in names)


# As other programs read them

UV = [sys.executable, str(ROOT / "tools" / "make_env.py"), "uv", "run", "--quiet", "--no-project"]


def run(*command, cwd=ROOT):
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-4000:]
    return done.stdout


def with_packages(packages, code, *arguments):
    """What a piece of Python prints as JSON, run beside packages of their own."""
    brought = [part for package in packages for part in ("--with", package)]
    return json.loads(run(*UV, "--isolated", "--python", sys.executable, *brought, "python", "-c", code, *arguments))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """What `make lms` writes, made once."""
    out = tmp_path_factory.mktemp("lms") / "out"
    run("make", "lms", f"OUT={out}")
    return out


@pytest.fixture(scope="module")
def npm(tmp_path_factory):
    """A folder with the readers that npm has."""
    folder = tmp_path_factory.mktemp("npm")
    packages = ("gift-pegjs@1.0.2", "@citolab/qti-components@7.27.4")
    run("npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix", str(folder), *packages)
    return folder


@pytest.fixture(scope="module")
def parsed_gift(files, npm):
    code = """const {parse} = require("gift-pegjs"), fs = require("fs");
        console.log(JSON.stringify(parse(fs.readFileSync(process.argv[1], "utf8"))));"""
    return json.loads(run("node", "-e", code, str(files / "questions.gift"), cwd=npm))


@pytest.mark.network
def test_a_gift_parser_finds_every_question(bank, parsed_gift):
    found = bank[0]
    numbers = [one for one in parsed_gift if one["type"] == "Numerical"]
    choices = [one for one in parsed_gift if one["type"] == "MC"]
    drawn = [entry for entry in found if "(prediction)" not in entry.id]
    chosen = [entry for entry in drawn if isinstance(exercise_book.task(entry.id), Choice)]
    assert len(numbers) == 5 * (len(drawn) - len(chosen)) and len(choices) == len(found) + 5 * len(chosen)
    assert len(parsed_gift) - len(numbers) - len(choices) == 8 + len(drawn)  # categories: chapters' polls, exercises
    for one in numbers:
        task = task_of(one["title"])
        assert read(one["stem"]["text"]).startswith(plain(task.ask))
        assert len(one["choices"]) > len(task.wrong)
        for choice in one["choices"]:
            share = 100 if choice["weight"] is None else choice["weight"]
            said_of(task, choice["text"]["number"], read(choice["feedback"]["text"]), share)
    for one in choices:
        assert sum(choice["isCorrect"] for choice in one["choices"]) == 1
        assert all(choice["feedback"]["text"] for choice in one["choices"]) and one["globalFeedback"]["text"]


@pytest.mark.network
def test_a_parser_of_moodle_xml_finds_the_same_questions_with_options(files, parsed_gift):
    code = """import json, sys
from moodle_xml_parser.parser import parse_file
print(json.dumps([[one.name, one.text_pre_parse, [[o.answer, o.score_fraction, o.feedback] for o in one.options]]
    for one in parse_file(sys.argv[1])["multichoice"]]))"""
    found = with_packages(["moodle-xml-parser==0.3.1"], code, str(files / "questions.xml"))
    gift_has = [
        [
            one["title"],
            one["stem"]["text"],
            [[c["text"]["text"], 100.0 * c["isCorrect"], c["feedback"]["text"]] for c in one["choices"]],
        ]
        for one in parsed_gift
        if one["type"] == "MC"
    ]
    assert found == gift_has and len(found) > 100


@pytest.fixture(scope="module")
def packages(files):
    """The items of QTI 2.1, brought to QTI 3 by another maker's converter: {(chapter's zip, path): text}."""
    code = """import json, sys
from qti_convert.package import upgrade_package
print(json.dumps([[zip, path, text] for zip in sys.argv[1:] for path, text in upgrade_package(zip).files.items()]))"""
    zips = map(str, sorted((files / "qti-2.1").glob("*.zip")))
    return {(Path(z).stem, path): text for z, path, text in with_packages(["citolab-qti-convert==0.2.0"], code, *zips)}


def parts(text, tag):
    """The elements of that name, whatever their namespace."""
    return [node for node in ET.fromstring(re.sub(r"<\?.*?\?>", "", text)).iter() if node.tag.rpartition("}")[2] == tag]


def seen(node):
    return "".join(node.itertext()).strip()


@pytest.mark.network
def test_both_kinds_of_qti_hold_the_same_as_their_readers_see_it(bank, files, packages):
    code = """import json, sys
import xml.etree.ElementTree as ET
from pathlib import Path
import qti2latex as q
found = []
for name in sys.argv[1:]:
    folder = Path(q.extract_zip_to_tmp(Path(name)))
    for path in folder.rglob("text2qti_assessment_*.xml"):
        for item in q.findall_anyns(ET.parse(path).getroot(), "item"):
            said = {one.get("ident"): one for one in q.findall_anyns(item, "itemfeedback")}
            for rules in q.findall_anyns(item, "resprocessing"):
                for rule in list(rules):  # it takes every rule for one that scores
                    if q.extract_tag(rule) == "respcondition" and not q.findall_anyns(rule, "setvar"):
                        rules.remove(rule)
            right = q.get_correct_idents(item)
            options = [
                [o, ident in right, q.text_of(q.findall_anyns(said[ident + "_fb"], "mattext")[0])]
                for ident, o in q.get_choices(item)
            ]
            found.append([item.get("title"), q.get_item_stem(item), options])
print(json.dumps(found))"""
    zips = map(str, sorted((files / "qti-1.2").glob("*.zip")))
    found = with_packages(["qti2latex==0.1.6"], code, *zips)
    expected = [one for entry in bank[0] for one in entry.polled]
    assert [one[0] for one in found] == [one.name for one in expected] and len(found) > 400
    items = {}
    for (_, path), text in packages.items():
        if path.startswith("items/"):
            title = parts(text, "qti-assessment-item")[0].get("title")
            right = seen(parts(text, "qti-correct-response")[0])
            said = {one.get("identifier"): seen(one[0][0]) for one in parts(text, "qti-modal-feedback")}
            letters = [(o.get("identifier"), seen(o)) for o in parts(text, "qti-simple-choice")]
            options = [(option, letter == right, said[letter]) for letter, option in letters]
            items[title] = seen(parts(text, "qti-item-body")[0][0]), options
    assert len(items) == len(found)
    for title, stem, options in found:
        stem, options = read(stem).strip(), [(read(o).strip(), right, read(why).strip()) for o, right, why in options]
        assert (stem.replace("\n", ""), options) == items[title], title
        if "(prediction)" not in title:
            judged = [judge(task_of(title), option).kind == "right" for option, *_ in options]
            assert judged == [right for _, right, _ in options] and sum(judged) == 1, (title, options)
            assert stem == plain(task_of(title).ask)


PLAY = """async items => {
  const heard = {};
  for (const [name, xml] of Object.entries(items)) {
    const host = document.createElement("div");
    document.body.replaceChildren(host);
    host.innerHTML = xml.replace(/<\\?.*?\\?>/g, "").replace(/<(qti-[\\w-]+)([^<>]*)\\/>/g, "<$1$2></$1>");
    const item = host.querySelector("qti-assessment-item");
    await item.updateComplete;
    heard[name] = {};
    for (const choice of item.querySelectorAll("qti-simple-choice")) {
      item.updateResponseVariable("RESPONSE", choice.identifier);
      item.processResponse();
      const shown = [...item.querySelectorAll("qti-modal-feedback")];
      await Promise.all(shown.map(one => one.updateComplete));
      const open = shown.filter(one => one.shadowRoot.querySelector("dialog[open]"));
      const score = item.variables.find(one => one.identifier === "SCORE").value;
      heard[name][choice.textContent.trim()] = [Number(score), ...open.map(one => one.textContent)];
    }
  }
  return heard;
}"""


@pytest.mark.network
def test_a_player_of_qti_says_the_sentence_of_each_option(bank, npm, packages):
    """One draw of each exercise, every option chosen."""
    from playwright.sync_api import sync_playwright

    expected = {one.name: one for entry in bank[0] for one in entry.polled[-1:]}
    items = {}
    for (_, path), text in packages.items():
        if path.startswith("items/") and (title := re.search(r' title="([^"]+)"', text)[1]) in expected:
            items[title] = text
    with sync_playwright() as tool:
        browser = tool.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<!doctype html><title>player</title>")
        page.add_script_tag(path=npm / "node_modules/@citolab/qti-components/cdn/index.global.js")
        heard = page.evaluate(PLAY, items)
        browser.close()
    assert heard.keys() == expected.keys()
    for title, one in expected.items():
        for answer in one.answers:
            score, *said = heard[title][answer.text]
            assert score == answer.right and len(said) == 1, (title, answer, said)
            assert said[0].startswith(re.sub(r"\*\*", "", answer.why)), (title, answer, said)


def chromium():
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))


@pytest.mark.network
def test_anki_imports_the_glossary_and_knows_it_again(files, tmp_path):
    code = """import json, sys
from anki.collection import Collection, ImportAnkiPackageRequest, ImportAnkiPackageOptions
desk = Collection(sys.argv[2])
counts = []
for _ in range(2):
    desk.import_anki_package(ImportAnkiPackageRequest(package_path=sys.argv[1], options=ImportAnkiPackageOptions()))
    counts.append(desk.note_count())
notes = [desk.get_note(id) for id in desk.find_notes("")]
print(json.dumps([counts, [[*note.fields, note.tags] for note in notes]]))"""
    place = str(tmp_path / "collection.anki2")
    counts, notes = with_packages(["anki==26.9.3"], code, str(files / "glossary.apkg"), place)
    text = (ROOT / "notebooks" / "glossary.md").read_text(encoding="utf-8")
    headings = re.findall(r"^## (.+)$", text, flags=re.MULTILINE)
    assert counts == [len(headings)] * 2 and sorted(read(note[0]) for note in notes) == sorted(headings)
    for word, explained, tags in notes:
        assert tags and all(re.fullmatch(r"chapter-\d", tag) for tag in tags), word
        assert len(explained) > 20 and not re.search(r"\]\(|\*|Chapters? \d\)", explained), explained


@pytest.mark.network
def test_the_same_course_gives_the_same_bytes(files, tmp_path):
    run("make", "lms", f"OUT={tmp_path}")
    made = {path.relative_to(files): path.read_bytes() for path in files.rglob("*") if path.is_file()}
    assert made == {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(made) == 4 + 2 * 8
    with zipfile.ZipFile(files / "glossary.apkg") as apkg:
        assert apkg.testzip() is None


@pytest.mark.network
def test_nothing_is_written_if_one_question_is_refused(tmp_path):
    """An exercise with a sign that no format is known to hold, then the tool as it is."""
    code = """import sys
sys.path.insert(0, "tools")
import dataclasses, make_lms
from leverage_lab.classroom.exercises import exercise_book as book
one = book.exercises["1-margin"]
make = lambda **numbers: dataclasses.replace(one.make(**numbers), steps="growth = ∑ p")
book.exercises["1-margin"] = dataclasses.replace(one, make=make)
sys.argv = ["make_lms.py", "--out", sys.argv[1]]
make_lms.main()"""
    out = tmp_path / "out"
    made = [*UV, "--python", sys.executable, "--with", "text2qti==0.8.0", "--with", "genanki==0.13.1"]
    done = subprocess.run([*made, "python", "-c", code, str(out)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 1 and not out.exists(), done.stderr
    first = "1-margin (1): its solution has the sign U+2211 (N-ARY SUMMATION), which not every system shows"
    assert done.stderr.splitlines()[:2] == ["Nothing was written. These questions do not fit the formats:", first]
