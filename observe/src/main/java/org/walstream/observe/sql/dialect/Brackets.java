package org.walstream.observe.sql.dialect;

import net.sf.jsqlparser.parser.CCJSqlParserConstants;
import net.sf.jsqlparser.parser.CCJSqlParserTokenManager;
import net.sf.jsqlparser.parser.SimpleCharStream;
import net.sf.jsqlparser.parser.StringProvider;
import net.sf.jsqlparser.parser.Token;
import net.sf.jsqlparser.parser.TokenMgrException;

/// Whether a query may be right that is too deep for the parser, which has a stack's frames for
/// each bracket; PostgreSQL's does not, and sees that brackets are left open however many they are.
final class Brackets {

  private Brackets() {}

  static boolean areClosed(String sql) {
    var tokens =
        new CCJSqlParserTokenManager(
            new SimpleCharStream(new StringProvider(QueryText.simplified(sql))));
    int open = 0;
    try {
      for (Token token = tokens.getNextToken();
          token.kind != CCJSqlParserConstants.EOF;
          token = tokens.getNextToken()) {
        switch (token.image) {
          case "(", "[" -> open++;
          case ")", "]" -> open--;
          default -> {}
        }
      }
    } catch (TokenMgrException e) {
      return false;
    }
    return open == 0;
  }
}
