// Figures with no more digits than they are worth.

const NBSP = "\u00a0";
const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 3 });
const two = new Intl.NumberFormat("en-US", { maximumSignificantDigits: 2 });
const cents = new Intl.NumberFormat("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

const big = (number) => (number < 10000 ? whole : short).format(number);
const count = (number, noun) => `${big(number)} ${noun}${number === 1 ? "" : "s"}`;
function money(usd) {
  if (usd === null || usd === undefined) return "cost unknown";
  return `$${usd >= 100 ? whole.format(usd) : usd >= 1 ? cents.format(usd) : two.format(usd)}`;
}
function time(seconds) {
  if (seconds === null || seconds === undefined) return "–";
  if (seconds < 0.1) return seconds ? `<${NBSP}0.1${NBSP}s` : `0${NBSP}s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)}${NBSP}s`;
  if (seconds < 120) return `${Math.round(seconds)}${NBSP}s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)}${NBSP}min` : `${(seconds / 3600).toFixed(1)}${NBSP}h`;
}
/** A tenth of a percent says something only where the interval is narrower than four percent. */
const digitsOf = (...estimates) => (estimates.every(({ low, high }) => high > low && high - low < 0.04) ? 1 : 0);
/** As a percentage; 0.575 * 100 is a little less than 57.5. */
const fixed = (share, digits) => Number((share * 100).toFixed(6)).toFixed(digits);
function percent(share, digits = 0, sign = false) {
  const text = fixed(share, digits);
  if (Number(text) === 0 && share > 0) return `<${NBSP}${digits ? "0.1" : "1"}${NBSP}%`;
  if (Number(text) === 100 && share < 1) return `>${NBSP}${digits ? "99.9" : "99"}${NBSP}%`;
  if (!sign) return `${text}${NBSP}%`;
  return `${Number(text) > 0 ? "+" : Number(text) < 0 ? "\u2212" : ""}${text.replace("-", "")}`;
}
const mean = (estimate, digits = digitsOf(estimate)) => percent(estimate.mean, digits);
const range = (estimate, digits = digitsOf(estimate)) =>
  `${fixed(estimate.low, digits)} to ${fixed(estimate.high, digits)}`;
