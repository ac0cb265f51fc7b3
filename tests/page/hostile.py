"""Words that try to be more than words: for names, notes, questions, areas, units, sectors and sources."""
import re
import shutil

WORDS = [
    "<script>alert(1)</script>", "</script><script>alert(1)</script>", "</style><style>*{display:none}</style>",
    "<img src=x onerror=alert(1)>", "\"><svg onload=alert(1)>", "' onmouseover='alert(1)", "</title><b>bold</b>",
    "<!-- comment -->", "<![CDATA[x]]>", "]]>", "&lt;b&gt; &amp; &#60;", "javascript:alert(1)",
    "<a href=\"javascript:alert(1)\">x</a>", "<iframe src=\"http://example.invalid/\"></iframe>",
    "</text></svg><b>out</b>", "</td></tr></table><b>out</b>", "<base href=\"http://example.invalid/\">",
    "<meta http-equiv=\"refresh\" content=\"0;url=http://example.invalid/\">", "=1+1", "@SUM(A1)", "%n%s%d%x",
    "{{7*7}} ${7*7}", "`alert(1)`", "Ωmega <ünïcode> \u202etfel", "a" * 300 + "<b>", "é" * 400, "x" + "€" * 300,
    "<!--<script>", "--><script>alert(1)</script>", "<SCRIPT/SRC=//example.invalid/x.js></SCRIPT>", "</ScRiPt ><b>",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e", "\\\"}];alert(1);//", "\"}],\"kind\":\"evil\",\"x\":[{\"", "\\",
    "\u2028alert(1)\u2029", "<svg><script>alert(1)</script></svg>", "<math><mi xlink:href=\"javascript:alert(1)\">x",
    "<form action=\"//example.invalid\"><input autofocus onfocus=alert(1)>", "<details open ontoggle=alert(1)>",
    "<object data=\"data:text/html,<script>alert(1)</script>\"></object>", "<embed src=\"//example.invalid\">",
    "<link rel=stylesheet href=\"//example.invalid/x.css\">", "<body onload=alert(1)>", "<video><source onerror=alert(1)>",
    "url(http://example.invalid/x)", "<p style=\"width:expression(alert(1))\">", "</textarea></select></noscript><b>",
    "__proto__", "constructor", "<template><b></template>", "&colon;&Tab;&NewLine;alert(1)", "${alert(1)}<%= 1 %>",
    "-2+3+cmd|' /C calc'!A0", "+1+1", "\ufeff<b>", "<plaintext>", "<xmp><b>",
]


def quoted(words):
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"') + '"'


def write(project, folder):
    """Models and a scenario for each of the words; returns the arguments of `dividend run`."""
    models = folder / "models"
    shutil.copytree(project / "tests/invalid/base/models", models)
    for path in sorted(models.rglob("*.cfg")):
        words = iter(WORDS * 50)
        path.write_text(re.sub(r'\b(label|title|citation|locator|note) = "[^"]*"',
                               lambda m: f'{m[1]} = {quoted(next(words))}', path.read_text(encoding="utf-8")),
                        encoding="utf-8")
    scenarios = folder / "scenarios"
    scenarios.mkdir()
    for i, words in enumerate(WORDS):
        scenarios.joinpath(f"hostile_{i}.cfg").write_text(
            'scenario = { title = %s; question = %s; note = %s; area = %s; model = "visits";\n'
            'start_year = "2026-27"; funded_years = 2; horizon_years = 5;\n'
            'inputs = { eligible = 1000; }; funding = { council = 1.0; }; };\n' % ((quoted(words),) * 4),
            encoding="utf-8")
    return ["run", "--no-shipped-models", "--models", models, scenarios, "--draws", "64"]
