/** Every sentence and label of the page that does not come from the snapshot (DASHBOARD.md §9 and §11). */
export const product = 'jarvis-health';
export const skip = 'Skip to services';
export const fromFile = 'From file';
export const old = (age: string) => `${age} old`;
export const expected = (every: string) => `, expected every ${every}`;
export const noFile = 'no data';
export const otherZone = (zone: string) => `Times are local to the host (${zone}).`;
export const theme = { system: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' } as const;

export const staleHeadline = (age: string) => `Data is ${age} old`;
export const staleDetail = (time: string) =>
  `The health daemon is not running. Below is how things were at ${time}, not how they are now.`;
export const wakingHeadline = 'Waiting for new data';
export const wakingDetail = (age: string, time: string) =>
  `This computer seems to have slept. The data is ${age} old: below is how things were at ${time}.`;
export const stoppedHeadline = 'Health daemon is stopped';
/** `by`: a person's name, or the signal that came. Only who has that home can read what lies in it. */
export const stoppedDetail = (time: string, { reason: by = '', home }: { reason?: string; home: string }) => {
  const who = by === '' ? '' : ` by ${home.split('/').slice(0, -1).includes(by) ? 'you' : by}`;
  return `Stopped at ${time}${who}. Nothing is being watched.`;
};
export const lookingAgain = (target: string, seen: string) => `Looking again at ${target}: ${seen}.`;
export const paused = (scope: string, until: string | undefined, reason: string) => {
  const what = scope === 'all' ? 'Paused' : `${scope} is paused`;
  return `${what}${until === undefined ? '' : ` until ${until}`}${reason === '' ? '' : `: ${reason}`}.`;
};
export const aheadHeadline = 'Clock problem';
export const aheadDetail = (age: string) => `The data is dated ${age} in the future. Ages cannot be trusted.`;
export const newerHeadline = 'Reload this page';
export const newerDetail = 'The daemon is newer than this page.';
export const noneHeadline = 'No data';
export const noneDetail = 'jarvis-health has not written anything here yet.';
export const readingHeadline = 'Reading the data';
export const readingDetail = 'The data file beside this page is being read.';
export const unreadable = (time: string) =>
  `This browser cannot read the data file beside this page. This copy is from ${time}.`;
export const noScriptHeadline = 'This page needs JavaScript';
export const noScriptDetail = 'The plain summary is in health.txt beside it.';
export const brokenHeadline = 'This page hit an error';
export const brokenDetail = 'Showing the plain list instead.';

export const readAgain = 'Read again';
export const reading = 'Reading…';
export const reload = 'Reload';
export const toStart = 'To start it:';
export const startHelp = 'If it is running, check that it can write to its folder.';
export const copy = 'Copy';
export const copied = 'Copied';
export const copyFailed = 'Failed';

export const close = 'Close';
export const now = 'now';
export const nowAt = (time: string) => `Now, ${time}`;
export const yesterday = (time: string) => `Yesterday ${time}`;
export const dayAgo = '24 h ago';
export const ago = (age: string) => `${age} ago`;

export const services = 'Services';
export const problemsFirst = 'problems first';
export const range = 'Range of the bars';
export const ranges = { day: '24 h', month: '30 d', quarter: '90 d' } as const;
export const rangeLong = { day: 'Last 24 h', month: 'Last 30 d', quarter: 'Last 90 d' } as const;
export const shapes = {
  tick: 'working',
  triangle: 'slow',
  octagon: 'down',
  turning: 'recovering',
  'octagon-open': 'acknowledged',
  paused: 'paused',
  question: 'no data',
} as const;
export const leftOut = 'More services than the page has room for: the bars of this range are left out.';
export const uptime = 'Uptime';
export const reply = 'Reply';
export const replyTime = 'Reply time';
export const replyAround = (target: string) => `${replyTime} of ${target} around the beginning`;
export const means = (step: string) => `means of ${step}`;
export const silentUntil = (time: string) => `silent until ${time}`;
export const flapping = 'goes up and down';
export const noServices = 'None yet. What you put under “services” in config.yaml shows here.';
export const vitals = 'This host';
export const noVitals = 'Disk and memory show here after the first look.';
export const noDataYet = 'no data yet';
export const noDataThen = 'no data';
export const noRecord = 'no record over time';
export const usedOver = (label: string) => `${label} used`;
export const cpuOver = 'CPU busy';
export const peakToday = (size: string) => `peak today ${size}`;
export const ofCores = (count: number) => `of ${count} ${count === 1 ? 'core' : 'cores'}`;
export const typicalReply = 'typical reply';
export const slowestReply = (time: string) => `slowest in 24 h: ${time}`;
export const asTable = 'Show as table';
export const asTableOf = (label: string) => `Show as table: ${label}`;
export const tableTime = 'Time';
export const tableValue = 'Value';
export const inFiles = (count: number) => `in ${count} ${count === 1 ? 'file' : 'files'}`;
export const reserved = (size: string) => `, ${size} reserved`;
export const largestLog = (size: string) => `the largest has ${size}`;
export const incidents = 'Recent incidents';
export const noIncidents = 'None recorded. When something breaks, it shows here with its cause and how it was fixed.';
export const allIncidents = 'All incidents';
export const noSteps = 'Its steps are no longer told here. The log has them.';
export const incidentCount = (total: string, open: number, grey: boolean) =>
  `30 days: ${total}, ${open === 0 ? 'all closed' : `${open} ${grey ? (open === 1 ? 'was open' : 'were open') : 'open'}`}`;
export const wasOpen = 'Was open';
export const outcomes = {
  open: 'Open',
  'auto-fixed': 'Auto-fixed',
  'went-away': 'Went away',
  'needed-you': 'Needed you',
} as Readonly<Record<string, string>>;
export const since = (time: string) => `since ${time}`;

export const happening = 'What is happening';
export const wasHappening = 'What was happening';
export const earlierSteps = (count: number) => `Show ${count} more ${count === 1 ? 'step' : 'steps'}`;
export const nthAttempt = (nth: number, most: number) => `Attempt ${nth} of ${most}`;
export const oneAttempt = 'One more attempt';
export const triedAgain = 'It is tried again';
export const latestEnd = (waitsFor: string) => `It waits for ${waitsFor}, at most until then`;
export const facts = 'Facts';
export const factCause = 'Likely cause';
export const factAffects = 'Also affected';
export const factChanged = 'Changed just before';
export const cameAgain = (text: string, count: number, last: string) => `${text} ${count} times, last ${last}`;
export const factTried = 'Attempts this hour';
export const factTriedValue = (count: number, most: number) => `${count} of ${most}`;
export const factNext = 'Next attempt';
export const factPlan = 'Recovery would';
export const factTryNow = 'To try it now';
export const factHold = 'Waits because';
export const factLast = 'Last time';
export const factLastValue = (when: string, outcome: string, took: string) => `${when}, ${outcome} in ${took}`;
export const factNothing = 'Acts on nothing';

export const rowChecks = 'Checks';
export const rowResults = 'Last results';
export const rowIncidents = 'Incidents';
export const rowDepends = 'Depends on';
export const rowNeeded = 'Needed by';
export const statuses = {
  warning: 'over a limit',
  critical: 'failed',
  unknown: 'no answer from the check',
} as Readonly<Record<string, string>>;
export const rowProcess = 'Process';
export const rowRulings = 'Why';
export const neverLooked = 'not looked at yet';

export const found = 'Also found on this host';
export const foundHint = 'Shown, not watched.';
export const port = (port: number) => `port ${port}`;
export const observing = 'Watching only: recovery is switched off.';
export const unconfigured = 'No config.yaml yet: everything found is watched, and nothing is acted on.';
export const configTrouble = (trouble: string) =>
  `The config file has a mistake, the last good one is in force. ${trouble}`;
export const footer = (every: string, version: string, up: string, size: string) =>
  `Checks every ${every}. Daemon ${version}, up ${up}, ${size}`;
export const footerPast = (version: string, size: string) => `Daemon ${version}, used ${size}`;
export const allKeys = 'all keys';
export const keysTitle = 'Keys';
export const keys = [
  ['J K', 'next and previous service'],
  ['Enter', 'open or close it'],
  ['1 2 3', 'bars of 24 hours, 30 days, 90 days'],
  ['T', 'theme: as the system, light, dark'],
  ['← →', 'move along a chart that has the focus'],
  ['?', 'this help'],
  ['Esc', 'close'],
] as const;
export const singleKeys = 'Single keys are on';
export const helpHint = 'Nothing here needs the keys: everything can be clicked, tapped or reached with Tab.';
export const printedAt = (time: string) => `Data of ${time}`;

/** Details come in the present tense; what is no longer known to be so is told in the past. */
export function inThePast(detail: string): string {
  const past: readonly (readonly [RegExp, string])[] = [
    [/\banswers\b/g, 'answered'],
    [/\bis\b/g, 'was'],
    [/\bare\b/g, 'were'],
    [/\bhas\b/g, 'had'],
    [/\bruns\b/g, 'ran'],
    [/\bpass\b/g, 'passed'],
    [/\bdoes not\b/g, 'did not'],
    [/\bdo not\b/g, 'did not'],
    [/\bwaits\b/g, 'waited'],
    [/^listens\b/g, 'listened'],
  ];
  return past.reduce((text, [now, then]) => text.replace(now, then), detail);
}
