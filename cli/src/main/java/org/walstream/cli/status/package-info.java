/// `walstream status`: nodes, and PostgreSQL servers, asked in SQL how they are. Start reading at
/// [org.walstream.cli.status.StatusCommand].
@NullMarked
package org.walstream.cli.status;

import org.jspecify.annotations.NullMarked;
