package io.batpak.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What stands behind a command: one directory, and options in any order.
final class Arguments {

  private static final Set<String> HELP = Set.of("--help", "-h");

  /// The options with a value, of all commands.
  private static final Set<String> VALUED = Set.of("--entity", "-n");

  private final Path directory;
  private final Map<String, String> options;

  private Arguments(Path directory, Map<String, String> options) {
    this.directory = directory;
    this.options = options;
  }

  /// {@return whether help is asked for}
  ///
  /// @param words as typed; one behind an option with a value is its value
  static boolean askForHelp(List<String> words) {
    for (int i = 0; i < words.size(); i++) {
      boolean value = i > 0 && VALUED.contains(words.get(i - 1));
      if (!value && HELP.contains(words.get(i))) {
        return true;
      }
    }
    return false;
  }

  /// {@return the arguments, taken apart}
  ///
  /// @param words as typed
  /// @param flags the options without a value that the command has
  /// @param valued the options with a value that it has
  /// @throws WrongUsage if they do not fit
  static Arguments parse(List<String> words, Set<String> flags, Set<String> valued) {
    var options = new HashMap<String, String>();
    @Nullable String directory = null;
    for (int i = 0; i < words.size(); i++) {
      String word = words.get(i);
      if (flags.contains(word)) {
        options.put(word, "");
      } else if (valued.contains(word)) {
        i++;
        if (i == words.size()) {
          throw new WrongUsage(word + " needs a value");
        }
        options.put(word, words.get(i));
      } else if (word.startsWith("-")) {
        throw new WrongUsage("unknown option " + word);
      } else if (directory != null) {
        throw new WrongUsage("one directory is expected, not also " + word);
      } else {
        directory = word;
      }
    }
    if (directory == null) {
      throw new WrongUsage("a store's directory is missing");
    }
    try {
      return new Arguments(Path.of(directory), options);
    } catch (InvalidPathException e) {
      throw new WrongUsage("not a path: " + e.getMessage());
    }
  }

  Path directory() {
    return directory;
  }

  boolean has(String flag) {
    return options.containsKey(flag);
  }

  Optional<String> value(String option) {
    return Optional.ofNullable(options.get(option));
  }

  /// {@return the value of an option as a count}
  ///
  /// @throws WrongUsage if it is not a number of 0 and up
  long count(String option, long otherwise) {
    String text = options.get(option);
    if (text == null) {
      return otherwise;
    }
    try {
      long count = Long.parseLong(text);
      if (count >= 0) {
        return count;
      }
    } catch (NumberFormatException e) {
      // said below, in the same words
    }
    throw new WrongUsage(option + " needs a number of 0 and up, not " + text);
  }
}
