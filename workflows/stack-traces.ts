/**
 * Loaded once for all runs of a worker, before the first of them.
 *
 * The SDK takes a stack trace at every promise, for the query `__stack_trace`, and maps each frame back to its source: with ten
 * frames that was a quarter of the time that workflows took. One frame still says where an error came from; where a run stands,
 * its journal says.
 */
Error.stackTraceLimit = 1;
