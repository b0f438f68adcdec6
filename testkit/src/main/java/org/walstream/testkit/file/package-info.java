/// A file layer for tests: records, fails, and loses power. Whatever writes files through
/// [org.walstream.file.FileLayer] is tested with it, step by step.
@NullMarked
package org.walstream.testkit.file;

import org.jspecify.annotations.NullMarked;
