package io.batpak.testing;

import io.batpak.annotations.Tag;
import io.batpak.payload.PayloadCodec;
import io.batpak.processor.PayloadProcessor;
import io.batpak.testkit.Simulation;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.NullMarked;

/// Compiles the snippets of one page together, with the annotation processor, and runs those that
/// have a `main`, in order. They share a directory, so that a later one finds what an earlier one
/// stored.
public final class SnippetRun {

  private final Path directory;
  private final Path classes;
  private final List<String> failures = new ArrayList<>();

  private SnippetRun(Path directory) throws IOException {
    this.directory = directory;
    this.classes = Files.createDirectories(directory.resolve("classes"));
  }

  /// {@return what is wrong with the snippets of a page, each with file and line}
  ///
  /// @param page the snippets, in order
  /// @param directory an empty one
  /// @throws IOException if the disk fails
  public static List<String> failures(List<Snippet> page, Path directory) throws IOException {
    var run = new SnippetRun(directory);
    List<Snippet> plain = page.stream().filter(snippet -> !snippet.module()).toList();
    if (!plain.isEmpty() && run.compile(plain, List.of("-d", run.classes.toString()))) {
      run.runAll(plain);
    }
    if (plain.size() < page.size()) {
      run.compileModule(page);
    }
    return run.failures;
  }

  /// A descriptor, and the files of the page that stand in a package.
  private void compileModule(List<Snippet> page) throws IOException {
    Path output = Files.createDirectories(directory.resolve("module"));
    String modulePath =
        Stream.of(
                Simulation.class,
                PayloadCodec.class,
                Tag.class,
                NullMarked.class,
                MpscAtomicArrayQueue.class)
            .map(SnippetRun::origin)
            .collect(Collectors.joining(File.pathSeparator));
    var _ =
        compile(
            page.stream().filter(snippet -> snippet.module() || snippet.packaged()).toList(),
            List.of("-d", output.toString(), "--module-path", modulePath));
  }

  private static String origin(Class<?> type) {
    return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()))
        .toString();
  }

  private boolean compile(List<Snippet> snippets, List<String> options) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var diagnostics = new DiagnosticCollector<JavaFileObject>();
    var sources = new LinkedHashMap<JavaFileObject, Snippet>();
    for (Snippet snippet : snippets) {
      sources.put(new Text(snippet, snippet.source(directory)), snippet);
    }
    try (var files =
        compiler.getStandardFileManager(diagnostics, Locale.ROOT, StandardCharsets.UTF_8)) {
      var task = compiler.getTask(null, files, diagnostics, options, null, sources.keySet());
      task.setProcessors(List.of(new PayloadProcessor()));
      boolean succeeded = task.call();
      for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
        if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
          failures.add(where(sources, diagnostic) + ": " + diagnostic.getMessage(Locale.ROOT));
        }
      }
      if (!succeeded && failures.isEmpty()) {
        failures.add("the compiler gave up without an error");
      }
      return succeeded;
    }
  }

  private static String where(
      Map<JavaFileObject, Snippet> sources, Diagnostic<? extends JavaFileObject> diagnostic) {
    return sources.entrySet().stream()
        .filter(source -> source.getKey().equals(diagnostic.getSource()))
        .map(Map.Entry::getValue)
        .map(snippet -> line(snippet, (int) diagnostic.getLineNumber()).toString())
        .findFirst()
        .orElse("somewhere");
  }

  /// The place in the page of a line of the compiled text.
  private static Snippet.Place line(Snippet snippet, int compiledLine) {
    return snippet.place().plus(compiledLine - 1 - snippet.linesBefore());
  }

  private void runAll(List<Snippet> snippets) throws IOException {
    try (var loader = new PageLoader(classes.toUri().toURL())) {
      for (Snippet snippet : snippets) {
        run(snippet, loader);
      }
    }
  }

  private void run(Snippet snippet, ClassLoader loader) {
    Optional<Method> main =
        snippet.types().stream()
            .map(type -> load(type, loader))
            .flatMap(type -> Arrays.stream(type.getDeclaredMethods()))
            .filter(method -> method.getName().equals("main"))
            .findFirst();
    if (main.isEmpty()) {
      return;
    }
    Method method = main.get();
    method.setAccessible(true);
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    PrintStream out = System.out;
    var printed = new ByteArrayOutputStream();
    thread.setContextClassLoader(loader);
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      var _ = method.invoke(null, arguments(method));
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      failures.add(thrownAt(snippet, cause) + ": " + cause);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    } finally {
      System.setOut(out);
      thread.setContextClassLoader(before);
    }
    compareWith(snippet, printed.toString(StandardCharsets.UTF_8));
  }

  private void compareWith(Snippet snippet, String printed) {
    String unix = printed.replace(System.lineSeparator(), "\n");
    if (snippet.printed().isPresent() && !snippet.printed().get().equals(unix)) {
      failures.add(
          snippet.place() + ": prints\n" + unix + "and the page says\n" + snippet.printed().get());
    }
  }

  private static Class<?> load(String type, ClassLoader loader) {
    try {
      return Class.forName(type, true, loader);
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static Object[] arguments(Method main) {
    return main.getParameterCount() == 0 ? new Object[0] : new Object[] {new String[0]};
  }

  private static Snippet.Place thrownAt(Snippet snippet, Throwable thrown) {
    return Arrays.stream(thrown.getStackTrace())
        .filter(frame -> snippet.types().contains(frame.getClassName()))
        .findFirst()
        .map(frame -> line(snippet, frame.getLineNumber()))
        .orElse(snippet.place());
  }

  /// The classes of one page. Of the codecs that the class path announces it shows those of the
  /// page only, so that the payloads of other tests cannot have the same kinds.
  private static final class PageLoader extends URLClassLoader {

    PageLoader(URL classes) {
      super(new URL[] {classes}, SnippetRun.class.getClassLoader());
    }

    @Override
    public Enumeration<URL> getResources(String name) throws IOException {
      return name.equals("META-INF/services/" + PayloadCodec.class.getName())
          ? findResources(name)
          : super.getResources(name);
    }
  }

  /// A snippet as a source file of any name.
  private static final class Text extends SimpleJavaFileObject {

    private final boolean module;
    private final String text;

    Text(Snippet snippet, String text) {
      super(
          URI.create("snippet:///" + (snippet.module() ? "module-info" : snippet.name()) + ".java"),
          Kind.SOURCE);
      this.module = snippet.module();
      this.text = text;
    }

    @Override
    public boolean isNameCompatible(String simpleName, Kind kind) {
      return kind == Kind.SOURCE
          && (module ? simpleName.equals("module-info") : !simpleName.endsWith("-info"));
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
