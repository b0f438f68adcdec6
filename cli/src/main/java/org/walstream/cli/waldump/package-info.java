/// `walstream waldump`: WAL as text, as JSON or as statistics.
///
/// ```
/// WaldumpOptions ─ what is wanted          WalFiles ─ where the WAL is
///        └────────────► Scan, ParallelScan ◄──────┘
///                              │ records that RecordFilter accepts
///                              ▼
///                    RecordSink: lines, JSON, statistics, page files
/// ```
///
/// Counterpart of src/bin/pg_waldump/pg_waldump.c. One thread reads where order or a count decides;
/// else [org.walstream.cli.waldump.ParallelScan] reads on as many as there are processors. A sink
/// belongs to one thread. Start reading at [org.walstream.cli.waldump.WaldumpCommand].
@NullMarked
package org.walstream.cli.waldump;

import org.jspecify.annotations.NullMarked;
