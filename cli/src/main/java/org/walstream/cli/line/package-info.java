/// A command line as a table: the options of a command, each with its argument and its line of
/// help, stand once in a [org.walstream.cli.line.CommandTable]. From it the command line is read,
/// by the rules and in the words of getopt_long(3) ([org.walstream.cli.line.GetOptLong]), and the
/// help is printed ([org.walstream.cli.line.HelpText]), in our own form and in that of the
/// PostgreSQL tool which the command stands for.
///
/// Nothing here knows a command. Start reading at `CommandTable`.
@NullMarked
package org.walstream.cli.line;

import org.jspecify.annotations.NullMarked;
