/// What an administrator reads and what his shell knows: manual pages and completion, made from the
/// tables that the program itself goes by: [org.walstream.cli.line.CommandTable] for commands,
/// [org.walstream.node.config.Parameters] for the configuration.
///
/// Nothing here knows a command. Start reading at [org.walstream.cli.manual.CommandPage].
@NullMarked
package org.walstream.cli.manual;

import org.jspecify.annotations.NullMarked;
