package org.walstream.cli;

/// What `walstream --version` says.
public final class Version {

  static final String NUMBER = "0.1.0";
  public static final String TEXT = "walstream " + NUMBER + " (PostgreSQL 15-18)";

  private Version() {}
}
