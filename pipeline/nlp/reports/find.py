"""A parsed sentence in, who said what in it out: source, cue and content by characters of the sentence."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.nlp.layers.docs import text_of, tokens_of, word_hashes
from pipeline.nlp.lexicon.tables import words_of
from pipeline.nlp.reports.clauses import (
    RELATIVES,
    SUBJECTS,
    Range,
    agent_of,
    child,
    clause_of,
    cue_of,
    end,
    has_infinitive,
    is_passive,
    left,
    name_of,
    object_of,
    own_subject,
    right,
    strip,
    subject_of,
    with_marks,
)
from pipeline.nlp.reports.phrases import Report, phrase_reports
from pipeline.nlp.reports.plain import missed_reports
from pipeline.nlp.reports.verbs import (
    ACCUSE_FORMS,
    CALL_FORMS,
    CLAUSE_FORMS,
    DIRECTIVE_FORMS,
    FINITE_FORMS,
    FORMS,
    INFINITIVE_FORMS,
    NAMING_FORMS,
    OBJECT_FORMS,
    OF_WORDS_FORMS,
    ORDER_FORMS,
    PREPOSITION_FORMS,
    PREPOSITIONS,
    REFUSE_FORMS,
    SAY_FORMS,
    TELL_FORMS,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Doc, Token

_READ = word_hashes(FORMS)
_ACTS = frozenset({"agree", "agrees", "agreed", "agreeing"})  # to do something is no speech
_REFLEXIVES = frozenset({"itself", "himself", "herself", "themselves", "myself", "ourselves", "yourself"})
_WORDS = words_of("report_nouns", "words")
_MODALS = words_of("function_words", "modal")
_CONDITIONS = frozenset({"if", "whether", "unless"})
_DEMONSTRATIVES = frozenset({"this", "that", "these"})  # "this shows ...": what was told before, nobody speaks
_DEPENDENT = frozenset({"ccomp", "advcl", "relcl", "xcomp", "acl", "pcomp"})
_BELIEVED = frozenset({
    "reported", "believed", "considered", "said", "thought", "seen", "rumored", "alleged", "feared", "known",
    "projected", "estimated",
})  # fmt: skip
_CHARGES = words_of("report_nouns", "charge")
_COMPLEMENTS = frozenset({"oprd", "ccomp", "xcomp", "dobj"})
_COMPLEMENT_PREPOSITIONS = frozenset({"for", "of", "as", "over", "against"})
_LOOSE = frozenset({"dobj", "nsubj", "advmod", "nummod"})
_QUOTE_ENDS = re.compile(r'(?:[,.?!]"|",)\s?$')
_QUOTE_STARTS = re.compile(r"(?:^|[\s(])[\"']\s*$")
_CLAUSE_NEXT = re.compile(r" (?:what|that|how|why|when|where|whether|to|of|about)\b")
_SET_APART = re.compile(r"(?:[,;:\"'\u2013\u2014?!)-]|\bas)\s*$")


def find_reports(doc: Doc) -> list[Report]:
    """Find every report of a sentence that its parse shows, in the order of the cues."""
    phrases = [*phrase_reports(doc)]
    parsed = [report for token in tokens_of(doc, _READ) for report in _reports(token)]
    reports = [*phrases, *missed_reports(doc, [*phrases, *parsed]), *parsed]  # of several of one cue the first is kept
    return sorted(_without_doubles(reports), key=lambda report: report.cue)


def _reports(token: Token) -> Iterator[Report]:
    if not token.tag_.startswith("VB"):
        return
    report = _passive(token) if is_passive(token) else _refusal(token) if _is_open(token) else _active(token)
    if report is None:
        return
    text, source = text_of(token.doc), report.source
    if source is not None and text[slice(*source)].lower() in _DEMONSTRATIVES:
        return
    content = with_marks(text, strip(text, report.content))
    if content[1] - content[0] > 1 and (source is None or source[1] <= content[0] or source[0] >= content[1]):
        yield report._replace(content=content)


def _active(token: Token) -> Report | None:
    clause = clause_of(token)
    if _is_no_speech(token, clause):
        return None
    if token.lower_ == "told" and object_of(token) is None and _CLAUSE_NEXT.match(text_of(token.doc), end(token)):
        return None  # "was the group told what ...": nobody says whom
    if token.lower_ in _ACTS and clause is not None and clause.dep_ == "xcomp":
        return None
    inverted = _inverted(token)
    if inverted is not None:
        return Report(inverted, cue_of(token), (0, token.idx))
    subject = subject_of(_outer_cue(token) or token)
    cue, content = _cue_and_content(token, clause, subject)
    return Report(name_of(token, subject), cue, content) if content is not None else None


def _is_no_speech(token: Token, clause: Token | None) -> bool:
    """Return whether a verb does something else here: "told X to go home", "calls itself", "claimed three lives"."""
    form, thing = token.lower_, object_of(token)
    if form in DIRECTIVE_FORMS and has_infinitive(token):
        return True
    following = token.doc[token.i + 1].lower_ if token.i + 1 < len(token.doc) else ""
    if form in CALL_FORMS and following in _REFLEXIVES:
        return True
    if form in OF_WORDS_FORMS and clause is None and thing is not None and thing.i > token.i:
        return thing.lower_ not in _WORDS
    if form in INFINITIVE_FORMS and (clause is None or clause.i > token.i):
        return not has_infinitive(token)
    return clause is not None and clause.i > token.i and _is_no_content(form, clause)


def _is_no_content(form: str, clause: Token) -> bool:
    """Return whether the clause behind a verb is nothing said: "declared X the winner", "responded carrying hoses"."""
    if form in NAMING_FORMS and not clause.tag_.startswith(("VB", "MD")):
        return not any(one.dep_ in {"aux", "cop", "mark"} for one in clause.children)
    return (form in FINITE_FORMS and clause.dep_ != "ccomp") or _is_report_behind(clause)


def _is_report_behind(clause: Token) -> bool:
    """Return whether what the parse takes for said is who says it: "answered the phone, the paper reported"."""
    text = text_of(clause.doc)
    bare = all(one.dep_ in SUBJECTS or one.dep_ == "punct" for one in clause.children)
    comma = text[: left(clause)].rstrip().endswith(",")
    return bare and comma and clause.lower_ in FORMS and not text[end(clause) :].strip(" .")


def _inverted(token: Token) -> Range | None:
    """Read `"Who," asked X, "..."` where the parse takes X for whom is asked: a quote ends right before the verb."""
    text = text_of(token.doc)
    behind = [one for one in token.children if one.i > token.i and one.dep_ in {"nsubj", "dobj"}]
    subject = own_subject(token)
    usual = subject is not None and subject.i > token.i
    if not behind or usual or not _QUOTE_ENDS.search(text, 0, token.idx):
        return None
    asked = behind[0]
    mark = text.find('"', left(asked))
    return strip(text, (left(asked), min(right(asked), mark if mark >= 0 else len(text))))


def _cue_and_content(token: Token, clause: Token | None, subject: Token | None) -> tuple[Range, Range | None]:
    """Return what is said: whom one asks to do it, a clause, what a preposition brings, a thing, or what is around."""
    form, cue = token.lower_, cue_of(token)
    thing = object_of(token)
    if form in ORDER_FORMS and thing is not None and has_infinitive(token):
        return cue, (left(thing), right(token))
    if clause is not None and form in CLAUSE_FORMS:
        return cue, _clause_range(token, clause, subject)
    following = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
    if form in CALL_FORMS and following is not None and following.lower_ in PREPOSITIONS["call"]:
        brought = [one for one in token.children if one.left_edge.i <= following.i <= one.right_edge.i]
        if brought:  # "called for talks", and "called for Moscow to leave", where "for" belongs to a clause
            return (token.idx, end(following)), (end(following), _with_complements(token, brought[0]))
    preposition = _preposition(token)
    if preposition is not None and form not in CALL_FORMS:
        return cue, (preposition.idx, _with_complements(token, preposition))
    return cue, _thing_or_rest(token, thing, subject)


def _thing_or_rest(token: Token, thing: Token | None, subject: Token | None) -> Range | None:
    """Return a thing that is said ("denied the charges"), else what stands around or behind the verb."""
    form = token.lower_
    if form in CALL_FORMS:
        return _named(token, thing)
    if form in OBJECT_FORMS and thing is not None:
        return _thing_range(token, thing)
    if form in OBJECT_FORMS and token.dep_ == "relcl" and token.head.lower_ in _CHARGES:
        return left(token.head), end(token.head)
    if form in CLAUSE_FORMS and subject is not None:
        return _around(token, subject) or _rest(token)
    return None


def _passive(token: Token) -> Report | None:
    """Read `X is believed to be Y`, `denied by X`, `criticized by X for Y`, `X was told by Y to Z`."""
    clause, agent = clause_of(token), agent_of(token)
    source = name_of(token, agent)
    said = clause if clause is not None else child(token, "oprd")
    if (
        said is not None
        and said.i > token.i
        and (token.lower_ in _BELIEVED or (agent and token.lower_ in CLAUSE_FORMS))
    ):
        return Report(source, cue_of(token), (max(left(said), end(token)), right(said)))
    if source is None or agent is None or token.lower_ not in OBJECT_FORMS:
        return None
    reason = next((one for one in token.children if one.dep_ == "prep" and one.lower_ in {"for", "as", "of"}), None)
    if reason is not None:
        return Report(source, cue_of(token), (reason.idx, right(reason)))
    if token.dep_ == "acl":
        return Report(source, cue_of(token), (left(token.head), end(token.head)))
    thing = child(token, "nsubjpass")
    return Report(source, cue_of(token), (left(thing), right(thing))) if thing is not None else None


def _is_open(token: Token) -> bool:
    """Return whether something is not said, or not yet: "to announce", "if they said", "he would ask"."""
    if token.tag_ == "VBG" and token.dep_ == "pcomp":
        return token.head.lower_ in {"before", "without"}
    helpers = {one.lower_ for one in token.children if one.dep_ == "aux"}
    if any(one.dep_ == "mark" and one.lower_ in _CONDITIONS for one in token.children):
        return True
    if token.tag_ in {"VB", "VBP"} and token.dep_ == "ROOT" and helpers <= {"do"} and own_subject(token) is None:
        return True  # an order or thanks
    if token.tag_ != "VB":
        return False
    return "to" in helpers or (token.dep_ in _DEPENDENT and not helpers.isdisjoint(_MODALS))


def _refusal(token: Token) -> Report | None:
    """Read `X declined to say Y`: not saying is reported as well."""
    verb = token.head
    report = _active(token) if token.dep_ == "xcomp" and verb.lower_ in REFUSE_FORMS else None
    return report._replace(cue=(verb.idx, end(token))) if report is not None else None


def _outer_cue(token: Token) -> Token | None:
    """Return the cue that a second one goes with where the parse hangs it on what was said.

    In `X said A was B and called for C` it is X who called, in `X said A was B, citing C` X who cites.
    """
    clause = token.head
    if clause.dep_ == "ccomp" and _reports_further(token) and clause.head.lower_ in FORMS and clause.head.i < clause.i:
        return clause.head
    if token.dep_ != "conj" or clause.dep_ != "ccomp" or (clause.lower_ in FORMS and clause.tag_ == token.tag_):
        return None
    cue = clause.head
    own = any(one.dep_ in SUBJECTS for one in token.children)
    fits = cue.lower_ in FORMS and cue.i < clause.i and cue.tag_ == token.tag_
    return cue if fits and not own and token.lower_ in FORMS else None


def _clause_range(token: Token, clause: Token, subject: Token | None) -> Range:
    if clause.i > token.i:
        second = next((part for part in clause.children if _outer_cue(part) == token), None)
        stop = right(clause) if second is None else second.left_edge.idx
        stop = min((one.left_edge.idx for one in clause.children if _reports_further(one)), default=stop)
        # "which he said was A": the clause reaches back over the cue to its own "which"
        return max(_clause_start(token, clause), cue_of(token)[1]), max(stop, end(token))
    first = min(token.i, subject.left_edge.i) if subject is not None and subject.i > clause.i else token.i
    return left(clause), token.doc[first].idx


def _clause_start(token: Token, clause: Token) -> int:
    """Return where a clause starts; after "said" also what was parsed as an object: `said most of them were ill`."""
    loose = [one for one in token.children if token.i < one.i < clause.i and one.dep_ in _LOOSE]
    return min(left(one) for one in (*loose, clause)) if token.lower_ in SAY_FORMS else left(clause)


def _reports_further(one: Token) -> bool:
    """Return whether a clause goes on with the cue's own subject: `said it was over, accusing the army of ...`."""
    comma = one.doc[one.left_edge.i - 1].lower_ == "," if one.left_edge.i else False
    return comma and one.dep_ == "advcl" and one.tag_ == "VBG" and one.lower_ in FORMS


def _thing_range(token: Token, thing: Token) -> Range:
    return left(thing), right(token) if token.lower_ in ACCUSE_FORMS else _with_complements(token, thing)


def _named(token: Token, thing: Token | None) -> Range | None:
    """Read `called it a mistake`; a strike or an election that is called is not said."""
    if thing is None:
        return _small_clause(token)
    names = [one for one in token.children if one.i > token.i and one.dep_ in _COMPLEMENTS and one.i != thing.i]
    if not names:
        return None
    return (left(thing) if thing.i > token.i else left(names[0])), _with_complements(token, names[-1])


def _small_clause(token: Token) -> Range | None:
    """Read `called it a mistake` where the parse takes what follows for a clause or for two names."""
    parts = [one for one in token.children if one.i > token.i and one.dep_ in {"oprd", "ccomp"}]
    return (left(parts[0]), right(parts[-1])) if parts else None


def _with_complements(token: Token, first: Token) -> int:
    """Return the end of what a verb says of a thing: "called it a mistake", "thanked them for coming"."""
    stop = right(first)
    for one in token.children:
        if one.i <= first.i or one.dep_ == "punct":
            continue
        if one.dep_ not in _COMPLEMENTS and not (one.dep_ == "prep" and one.lower_ in _COMPLEMENT_PREPOSITIONS):
            break
        stop = right(one)
    return stop


def _preposition(token: Token) -> Token | None:
    wanted = PREPOSITIONS.get(PREPOSITION_FORMS.get(token.lower_, ""), frozenset())
    return next((one for one in token.children if one.dep_ == "prep" and one.lower_ in wanted), None)


def _around(token: Token, subject: Token) -> Range | None:
    """Return the longer side of a sentence that a cue stands inside or behind, as in `The plan, he said, was dead`."""
    spliced = token.dep_ == "conj" and child(token.head, "cc") is None  # "It will build a quay, its chief said"
    if token.dep_ not in {"parataxis", "ccomp", "advcl", "dep"} and not spliced:
        return None
    inner = sorted([token.i, *(part.i for part in subject.subtree)])
    text = text_of(token.doc)
    before = (0, token.doc[inner[0]].idx)
    if not _SET_APART.search(text, 0, before[1]) or _QUOTE_STARTS.search(text, 0, before[1]):
        return None
    after = (end(token.doc[inner[-1]]), len(text))
    return max(before, after, key=lambda part: part[1] - part[0])


def _rest(token: Token) -> Range | None:
    """Return all that follows a verb of saying where the parse finds no clause in it."""
    if token.lower_ in TELL_FORMS and (told := object_of(token)) is not None:
        clause = child(told, "relcl")
        return (left(clause), right(clause)) if clause is not None and clause.left_edge.tag_ not in RELATIVES else None
    if token.lower_ not in SAY_FORMS:
        return None
    parts = [one for one in token.children if one.i > token.i and one.dep_ not in {"punct", "npadvmod", "cc", "conj"}]
    words = parts[-1].right_edge.i - parts[0].left_edge.i if parts else 0
    return (left(parts[0]), right(parts[-1])) if words >= _LEAST_WORDS else None


_LEAST_WORDS = 4  # less is no clause: "said so", "said on Monday"


def _without_doubles(reports: list[Report]) -> list[Report]:
    seen = set()
    kept = []
    for report in reports:
        if report.cue[0] not in seen:
            seen.add(report.cue[0])
            kept.append(report)
    return kept
