// Stands in for date-fns in the bundle: pino-roll only calls it for rolling by date, and the log rolls by size.
const never = () => {
  throw new Error('the log rolls by size, dates are not built in');
};
module.exports = { format: never, addDays: never, addHours: never, parse: never, isValid: never };
