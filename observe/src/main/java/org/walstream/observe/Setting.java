package org.walstream.observe;

/// One parameter of the node's configuration.
///
/// @param shown its value as SHOW prints it
/// @param defaultShown what it is when nobody sets it
/// @param category the heading it stands under in the sample file
/// @param needsRestart whether a change takes effect at a restart only
/// @param set whether the configuration says anything of it
public record Setting(
    String name,
    String shown,
    String defaultShown,
    String category,
    String description,
    boolean needsRestart,
    boolean set) {}
