package org.walstream.observe;

import java.util.Optional;

/// A line of a configuration file as it is now, which a reload may not have read yet.
///
/// @param name empty where the line is none
/// @param applied whether a reload would apply it
public record FileSetting(
    String file,
    int line,
    Optional<String> name,
    Optional<String> setting,
    boolean applied,
    Optional<String> error) {}
