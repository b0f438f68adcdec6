package org.walstream.send.hba;

/// One word of pg_hba.conf. A quoted word is always a name: `"all"` is a database called all.
record HbaToken(String text, boolean quoted) {

  boolean isKeyword(String keyword) {
    return !quoted && text.equals(keyword);
  }

  boolean isRegex() {
    return text.startsWith("/");
  }
}
