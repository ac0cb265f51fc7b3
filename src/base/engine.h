/* Which program made a number. The version counts releases; the identity tells any two states of
 * the sources apart, whatever compiled them: SHA-256 (64 digits 0-9a-f) over the sources of the
 * modules that results depend on (the list in src/CMakeLists.txt), made while the program is
 * built. Words for people (diagnostics, reports, the command line) are no part of it; comments in
 * those modules are. It changes with every commit to them, so it stands in run_results.json,
 * checkpoints, cache and history only, never in files that must keep their bytes. */
#ifndef DIVIDEND_BASE_ENGINE_H
#define DIVIDEND_BASE_ENGINE_H

const char *engine_identity(void);

#endif
