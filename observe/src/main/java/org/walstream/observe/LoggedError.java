package org.walstream.observe;

import java.time.Instant;

/// A line of the log that tells of something wrong.
///
/// @param severity PostgreSQL's word: WARNING, ERROR, FATAL, PANIC
/// @param part of the program: receive, send, store
public record LoggedError(Instant time, String severity, String part, String message) {}
