// Filters in words: which checks are meant, in one pass over them.

const CHECK_WORDS = {
  fails: FAILS, misses: MISSES, passes: PASSES, known: KNOWN, open: OPEN, changed: CHANGED,
  "only:cut": CUT, "only:whole": WHOLE, "not:run": NOT_RUN,
};

// What is asked of a case, by the word before the colon.
const CASE_WORDS = {
  rule: (each, value) => each.rules.some((rule) => rule.toLowerCase() === value || rule.toLowerCase().startsWith(`${value}-`)),
  area: (each, value) => each.area === value,
  case: (each, value) => each.key.toLowerCase().includes(value),
  level: (each, value) => each.level === value,
};

// And of a column.
const COLUMN_WORDS = {
  testee: (column, value) => column.name.toLowerCase().includes(value),
  dialect: (column, value) => column.dialect.toLowerCase() === value,
};

const FILTER_HELP = [
  ["fails", "what fails, known or not"], ["misses", "a SHOULD is missed, or a MAY not taken up"], ["only:cut", "fails cut, and passes whole"], ["only:whole", "fails already unsplit"],
  ["known", "known failures"], ["open", "could not be judged"], ["passes", "what passes"], ["not:run", "what was not run"],
  ["differs", "cases in which testees differ"], ["changed", "otherwise than in the earlier run"],
  ["rule:SEG-1", "of a rule; rule:SEG of a family"], ["area:length", "of an area"], ["level:must", "must, should or may"],
  ["testee:netty", "of a testee"], ["dialect:int32", "of a dialect"], ["-known", "- before a word: not that"],
  ["one_byte", "any other word: in the id, or in the title"],
];

/** Which cases are meant by all words that ask something of a case, in the columns that are shown. */
function meantCases(data, words, columns) {
  return data.cases.map((each, number) => words.every(({ name, value, is }) =>
    is === (name === "differs" ? data.differsIn(number, columns) : CASE_WORDS[name](each, value))));
}

function parseQuery(text) {
  const query = { must: 0, not: 0, cases: [], columns: [], texts: [], wrong: [] };
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    const is = !word.startsWith("-");
    const plain = (is ? word : word.slice(1)).toLowerCase();
    const [name, value] = plain.includes(":") ? [plain.slice(0, plain.indexOf(":")), plain.slice(plain.indexOf(":") + 1)] : [plain, ""];
    if (Object.hasOwn(CHECK_WORDS, plain)) query[is ? "must" : "not"] |= CHECK_WORDS[plain];
    else if (plain === "differs" || (value && Object.hasOwn(CASE_WORDS, name))) query.cases.push({ name, value, is });
    else if (value && Object.hasOwn(COLUMN_WORDS, name)) query.columns.push({ name, value, is });
    else if (plain.includes(":")) query.wrong.push(word);
    else if (plain) query.texts.push({ value: plain, is });
  }
  return query;
}

/** The ids that hold all texts, or whose case's title does; null: all do. */
function meantIds(data, texts) {
  if (texts.length === 0) return null;
  const titles = data.cases.map((each) => texts.map(({ value }) => each.title.toLowerCase().includes(value)));
  return data.ids.map((id, number) => {
    const title = titles[data.case_of[number]];
    return texts.every(({ value, is }, at) => is === ((title && title[at]) || id.toLowerCase().includes(value)));
  });
}

/** What a filter leaves: how many checks, of each case, and which columns. */
function select(data, text) {
  const query = parseQuery(text);
  const ids = meantIds(data, query.texts);
  const counts = new Uint32Array(data.cases.length);
  let checks = 0;
  const columns = data.columns.map((column) =>
    query.columns.every(({ name, value, is }) => is === COLUMN_WORDS[name](column, value)));
  const cases = meantCases(data, query.cases, columns);
  data.columns.forEach((column, place) => {
    if (!columns[place]) return;
    for (let number = 0; number < column.bits.length; ++number) {
      const bits = column.bits[number];
      const id = column.check[number];
      const key = data.case_of[id];
      if ((bits & query.must) !== query.must || bits & query.not || !cases[key] || (ids && !ids[id])) continue;
      ++counts[key];
      ++checks;
    }
  });
  return { counts, checks, columns, wrong: query.wrong };
}
