package io.batpak.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A Java fence of a page of words: a Markdown file, or the `///` comments of a source file.
///
/// A fence is a whole file (it declares a type at the left margin), a module descriptor, or
/// statements. Statements and files without imports see everything that is exported. Statements
/// that open no store get one, called `store`.
///
/// @param place file and line of the first line of code, as `GUIDE.md:12`
/// @param name a class name of its own
/// @param code the text between the fences
/// @param printed what the text fence right behind it says that the code prints
public record Snippet(Place place, String name, String code, Optional<String> printed) {

  private static final Pattern TYPE =
      Pattern.compile(
          "^(?:(?:public|final|abstract|sealed|non-sealed) )*(?:class|record|interface|enum)"
              + " (\\w+)",
          Pattern.MULTILINE);

  private static final Pattern MODULE = Pattern.compile("^module ", Pattern.MULTILINE);

  private static final Pattern PACKAGE = Pattern.compile("^package ([\\w.]+);", Pattern.MULTILINE);

  /// What has a store of its own.
  private static final Pattern OPENING = Pattern.compile("\\.open\\(|\\bScenario\\.given");

  private static final Pattern IMPORT = Pattern.compile("^import ", Pattern.MULTILINE);

  /// On one line, so that line numbers stay close.
  private static final String IMPORTS =
      "import io.batpak.*; import io.batpak.annotations.*; import io.batpak.config.*;"
          + " import io.batpak.event.*; import io.batpak.evidence.*; import io.batpak.failure.*;"
          + " import io.batpak.payload.*; import io.batpak.query.*; import io.batpak.testkit.*;"
          + " import java.math.*; import java.nio.file.*; import java.time.*; import java.util.*;"
          + " import java.util.concurrent.*;\n";

  /// Where a fence begins.
  ///
  /// @param file as seen from the root of the repository
  /// @param line of the first line of code, from 1
  public record Place(String file, int line) {

    /// {@return the same file, some lines further down}
    ///
    /// @param lines how many
    public Place plus(int lines) {
      return new Place(file, line + lines);
    }

    @Override
    public String toString() {
      return file + ":" + line;
    }
  }

  /// {@return the Java fences of a file, in order}
  ///
  /// @param name the file as seen from the root of the repository
  /// @param file the file
  /// @throws IOException if it cannot be read
  public static List<Snippet> of(String name, Path file) throws IOException {
    boolean comments = name.endsWith(".java");
    return of(
        name,
        Files.readAllLines(file).stream().map(line -> comments ? comment(line) : line).toList());
  }

  private static String comment(String line) {
    String stripped = line.strip();
    return stripped.startsWith("/// ") ? stripped.substring(4) : "";
  }

  /// {@return the Java fences of a text, in order}
  ///
  /// @param name the file as seen from the root of the repository
  /// @param lines the text
  public static List<Snippet> of(String name, List<String> lines) {
    var snippets = new ArrayList<Snippet>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).startsWith("```")) {
        int end = fenceEnd(name, lines, i);
        if (lines.get(i).equals("```java")) {
          snippets.add(
              new Snippet(
                  new Place(name, i + 2),
                  "Snippet" + (i + 2),
                  code(lines, i, end),
                  printedBehind(name, lines, end)));
        }
        i = end;
      }
    }
    return snippets;
  }

  private static int fenceEnd(String name, List<String> lines, int start) {
    for (int i = start + 1; i < lines.size(); i++) {
      if (lines.get(i).equals("```")) {
        return i;
      }
    }
    throw new IllegalArgumentException(new Place(name, start + 1) + ": a fence without an end");
  }

  private static String code(List<String> lines, int start, int end) {
    return String.join("\n", lines.subList(start + 1, end)) + "\n";
  }

  private static Optional<String> printedBehind(String name, List<String> lines, int fenceEnd) {
    int next = fenceEnd + 1;
    while (next < lines.size() && lines.get(next).isBlank()) {
      next++;
    }
    return next < lines.size() && lines.get(next).equals("```text")
        ? Optional.of(code(lines, next, fenceEnd(name, lines, next)))
        : Optional.empty();
  }

  /// {@return whether it is a module descriptor}
  public boolean module() {
    return MODULE.matcher(code).find();
  }

  /// {@return whether it stands in a package of its own}
  public boolean packaged() {
    return PACKAGE.matcher(code).find();
  }

  private boolean wholeFile() {
    return TYPE.matcher(code).find();
  }

  /// {@return the names of the classes it declares, or the one it is wrapped in}
  public List<String> types() {
    if (!wholeFile()) {
      return List.of(name);
    }
    Matcher inPackage = PACKAGE.matcher(code);
    String prefix = inPackage.find() ? inPackage.group(1) + "." : "";
    return TYPE.matcher(code).results().map(found -> prefix + found.group(1)).toList();
  }

  /// {@return the text to compile, in which every path that is written out is within a directory}
  ///
  /// @param directory the directory
  public String source(Path directory) {
    String prefix = directory.toString().replace('\\', '/') + "/";
    String placed = code.replace("Path.of(\"", "Path.of(\"" + prefix);
    if (module() || wholeFile()) {
      return linesBefore() == 0 ? placed : IMPORTS + placed;
    }
    String opening =
        OPENING.matcher(code).find()
            ? "{\n"
            : "try (Store store = Store.open(Path.of(\"" + prefix + "data\"))) {\n";
    return IMPORTS
        + ("final class " + name + " { static void main() throws Exception { " + opening)
        + placed
        + "}}}\n";
  }

  /// {@return how many lines of the text to compile stand in front of the code}
  public int linesBefore() {
    if (module() || wholeFile()) {
      return module() || packaged() || IMPORT.matcher(code).find() ? 0 : 1;
    }
    return 2;
  }
}
