package io.batpak.testing;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// What the trees of source files say about style: long methods, names, system properties.
public final class SourceMeasures {

  /// What was found at a place.
  ///
  /// @param rule the rule that is broken
  /// @param subject the type, or type and member, that breaks it
  /// @param text one sentence with file and line
  public record Finding(Rule rule, String subject, String text) {}

  /// The rules.
  public enum Rule {
    /// A method longer than [SourceMeasures#METHOD_LINES_MAX].
    LONG_METHOD,
    /// A type whose name says how, not what.
    TYPE_NAME,
    /// A setting read where it is used.
    SYSTEM_PROPERTY
  }

  /// Longest method, in lines, from its first annotation or modifier to its closing brace.
  public static final int METHOD_LINES_MAX = 60;

  private static final Pattern TYPE_NAME_FORBIDDEN =
      Pattern.compile("(Impl|Manager|Helper|Utils?)(?![a-z])|^(Default|Abstract|Base)(?=[A-Z])");

  private static final Pattern SYSTEM_PROPERTY =
      Pattern.compile(
          "(.*\\.)?(System\\.(getProperty|getProperties|getenv)"
              + "|Integer\\.getInteger|Long\\.getLong|Boolean\\.getBoolean)");

  private final List<Finding> findings = new ArrayList<>();

  private SourceMeasures() {}

  /// {@return everything found in some files}
  ///
  /// @param sources the files
  /// @throws IOException if one cannot be read
  public static List<Finding> of(Iterable<? extends JavaFileObject> sources) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var task = (JavacTask) compiler.getTask(null, null, null, null, null, sources);
    var measures = new SourceMeasures();
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    for (CompilationUnitTree unit : task.parse()) {
      measures.new Scanner(unit, positions).scan(unit, null);
    }
    return measures.findings;
  }

  private final class Scanner extends TreePathScanner<@Nullable Void, @Nullable Void> {

    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private String type = "";

    Scanner(CompilationUnitTree unit, SourcePositions positions) {
      this.unit = unit;
      this.positions = positions;
    }

    @Override
    public @Nullable Void visitClass(ClassTree tree, @Nullable Void nothing) {
      String enclosing = type;
      if (!tree.getSimpleName().isEmpty()) {
        type = tree.getSimpleName().toString();
        if (TYPE_NAME_FORBIDDEN.matcher(type).find()) {
          add(Rule.TYPE_NAME, type, "type name", positions.getStartPosition(unit, tree));
        }
      }
      super.visitClass(tree, null);
      type = enclosing;
      return null;
    }

    @Override
    public @Nullable Void visitMethod(MethodTree tree, @Nullable Void nothing) {
      long start = positions.getStartPosition(unit, tree);
      long end = positions.getEndPosition(unit, tree);
      // a constructor that the compiler adds has no end
      long lines = end < 0 ? 0 : line(end) - line(start) + 1;
      if (lines > METHOD_LINES_MAX) {
        add(Rule.LONG_METHOD, type + "." + tree.getName(), lines + " lines", start);
      }
      return super.visitMethod(tree, null);
    }

    @Override
    public @Nullable Void visitMemberSelect(MemberSelectTree tree, @Nullable Void nothing) {
      if (SYSTEM_PROPERTY.matcher(tree.toString()).matches()) {
        add(Rule.SYSTEM_PROPERTY, type, tree.toString(), positions.getStartPosition(unit, tree));
      }
      return super.visitMemberSelect(tree, null);
    }

    private long line(long position) {
      return unit.getLineMap().getLineNumber(position);
    }

    private void add(Rule rule, String subject, String what, long position) {
      String text =
          "%s:%d: %s: %s".formatted(unit.getSourceFile().getName(), line(position), subject, what);
      findings.add(new Finding(rule, subject, text));
    }
  }
}
