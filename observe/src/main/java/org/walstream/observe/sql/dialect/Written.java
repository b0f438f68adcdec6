package org.walstream.observe.sql.dialect;

import java.util.function.Consumer;
import net.sf.jsqlparser.expression.Expression;
import net.sf.jsqlparser.expression.ExpressionVisitor;
import net.sf.jsqlparser.parser.ASTNodeAccessImpl;

/// An expression that writes itself, to be put in the place of another one.
final class Written extends ASTNodeAccessImpl implements Expression {

  private static final long serialVersionUID = 1;

  private final transient Consumer<ExpressionWriter> how;

  Written(Consumer<ExpressionWriter> how) {
    this.how = how;
  }

  @Override
  @SuppressWarnings("unchecked") // what the writer's visits return is its builder, always
  public <T, S> T accept(ExpressionVisitor<T> visitor, S context) {
    var writer = (ExpressionWriter) visitor;
    how.accept(writer);
    return (T) writer.getBuilder();
  }
}
