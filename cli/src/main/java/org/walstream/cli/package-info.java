/// The program `walstream`: commands, exit codes, diagnostics. The only module that reads command
/// lines and the only one that ends the process.
///
/// [Main] finds the command by its first argument and builds that command alone, since start-up is
/// what users wait for. Commands that replace a PostgreSQL tool take its flags, exit codes and
/// signals. Commands of later modules (`demo`, `bench`) come in as services of type [Subcommand].
@NullMarked
package org.walstream.cli;

import org.jspecify.annotations.NullMarked;
