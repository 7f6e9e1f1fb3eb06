"""What can be pressed is reached by Tab, is seen to be reached, and has a name; buttons copy."""

from typing import Any

from tests.browser.visit import Browser, Visit
from theory import claims

CARD = "#outlier"
#: Keeps what is copied, as the browser's own clipboard cannot be read everywhere.
CLIPBOARD = "() => { navigator.clipboard.writeText = async (x) => (window.x = x); }"
#: Numbers all that a reader sees and can press, in the order of the page.
NUMBER = """() => {
  const which = 'a[href], button, input, select, summary, [tabindex], [onclick]';
  const pressed = (each) => each.matches(which) || getComputedStyle(each).cursor === 'pointer';
  const all = Array.from(document.body.querySelectorAll('*')).filter(pressed)
    .filter((each) => each.getClientRects().length && each.checkVisibility())
    .filter((each) => each.matches(which) || !each.closest('a, button, label, summary'));
  all.forEach((each, i) => { each.dataset.number = i; });
  return all.length;
}"""
#: The number of what has the focus, and whether it is seen to have it.
FOCUSED = """() => {
  const {outlineStyle, outlineWidth, outlineColor} = getComputedStyle(document.activeElement);
  const seen = outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1
    && !/, 0\\)|transparent/.test(outlineColor);
  return [document.activeElement.dataset.number, seen];
}"""
OUTER = "(number) => document.querySelector(`[data-number='${number}']`).outerHTML.slice(0, 120)"
#: Milliseconds after which a button has its own words again.
RESTORED = 3000
ROLES = ("link", "button", "slider", "textbox", "searchbox", "combobox", "checkbox")


def open_all_of_the_card(visit: Visit) -> None:
    """Unfold everything in the card of ``spectra.outlier``, and wait until it is made."""
    for part in visit.page.locator(f"{CARD} summary").all():
        part.press("Enter")
        visit.settle()


def test_tab_reaches_what_can_be_pressed_and_the_focus_is_seen(browser: Browser) -> None:
    with browser.visit("spectra.html") as visit:
        open_all_of_the_card(visit)
        missed = set(map(str, range(visit.page.evaluate(NUMBER))))
        assert len(missed) > 400
        visit.page.evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }")
        visit.page.locator(".skip").focus()
        unseen = []
        for _ in range(len(missed)):
            number, seen = visit.page.evaluate(FOCUSED)
            missed.discard(number)
            unseen += [] if seen else [number]
            visit.page.keyboard.press("Tab")
        words = [visit.page.evaluate(OUTER, each) for each in [*missed, *unseen]]
        assert words == []


def names(visit: Visit, role: str) -> list[str]:
    """The names that a screen reader says of all that has a role."""
    devtools: Any = visit.page.context.new_cdp_session(visit.page)
    root = devtools.send("DOM.getDocument", {"depth": 0})["root"]["nodeId"]
    found = devtools.send("Accessibility.queryAXTree", {"nodeId": root, "role": role})["nodes"]
    return [each.get("name", {}).get("value", "") for each in found if not each["ignored"]]


def test_what_can_be_pressed_has_a_name(browser: Browser) -> None:
    with browser.visit("spectra.html") as visit:
        open_all_of_the_card(visit)
        for role in (*ROLES, "DisclosureTriangle"):
            found = names(visit, role)
            assert found and all(each.strip(" ,–") for each in found), role


def test_buttons_copy_and_have_their_words_again(browser: Browser) -> None:
    """Two presses at once too."""
    claim = claims()["spectra.outlier"]
    with browser.visit("spectra.html#outlier") as visit:
        visit.page.locator(CARD).get_by_text("Sources, neighbours, code").press("Enter")
        visit.page.evaluate(CLIPBOARD)
        visit.page.clock.install()
        python = visit.page.locator(f"{CARD} pre code").inner_text()
        assert python.startswith(f"theory.claims()['{claim.name}'](")
        buttons = visit.page.locator(f"{CARD} .buttons button")
        words = buttons.all_inner_texts()
        assert words == ["Copy Python", "Copy LaTeX", "Copy the address"]
        for i, right in enumerate((python, claim.closed_form.latex(), visit.page.url)):
            buttons.nth(i).dblclick()
            assert visit.page.evaluate("() => window.x") == right
        assert set(buttons.all_inner_texts()) == {"Copied"}
        visit.page.clock.run_for(RESTORED)
        assert buttons.all_inner_texts() == words
        assert visit.complaints == []
