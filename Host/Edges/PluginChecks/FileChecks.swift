import Glibc
import PluginABI
import PluginHost

/// What the host itself asks of a file before and while it loads it, one check each.
enum FileChecks {
  static let foundation: Set<String> = ["file", "entry", "create"]

  static let all: [PluginCheck] = [
    PluginCheck(
      name: "file", about: "It is a shared object of this machine, and exports its entry alone.",
      timeLimit: .seconds(10), processes: 1, run: file),
    PluginCheck(
      name: "imports", about: "It asks the system for nothing that belongs to the host.",
      timeLimit: .seconds(10), processes: 1, run: imports),
    PluginCheck(
      name: "entry", about: "Its entry and every descriptor are complete and of this ABI.",
      timeLimit: .seconds(10), processes: 1, run: entry),
    PluginCheck(
      name: "create", about: "A host can make an instance, and its declarations are sound.",
      timeLimit: .seconds(10), processes: 1, run: create),
  ]

  private static func read(_ subject: PluginSubject) throws(PluginHostError) -> PluginFile {
    try PluginFile(path: subject.path, bytesMax: LoadPolicy().fileBytesMax)
  }

  private static func file(_ subject: PluginSubject) -> PluginCheck.Finding {
    do throws(PluginHostError) {
      let file = try read(subject)
      try ElfLint.check(file, policy: LoadPolicy())
      return .init(.passed, "\(file.bytes.count) bytes")
    } catch { return .init(error) }
  }

  /// They end, replace or steer the process that others share.
  private static let foreign: Set<String> = [
    "exit", "_exit", "_Exit", "quick_exit", "fork", "vfork", "system", "popen", "execve", "execv",
    "execvp", "execl", "execlp", "posix_spawn", "posix_spawnp", "sigaction", "signal",
    "sigprocmask", "pthread_sigmask", "setenv", "putenv", "unsetenv", "chdir", "umask", "setlocale",
    "fesetround", "atexit", "dlopen", "kill", "raise", "ptrace", "prctl", "setrlimit", "alarm",
    "setitimer", "longjmp", "siglongjmp",
  ]

  private static func imports(_ subject: PluginSubject) -> PluginCheck.Finding {
    do throws(PluginHostError) {
      let names = ElfImports.names(of: try read(subject)).filter(foreign.contains).sorted()
      guard !names.isEmpty else { return .init(.passed) }
      return .init(
        .warned, "it may call \(names.joined(separator: ", "))",
        remedy: "these act on the whole process, which is the host's: do without them")
    } catch { return .init(error) }
  }

  private static func load(
    _ subject: PluginSubject, _ body: (PluginBuild) throws(PluginHostError) -> PluginCheck.Finding
  ) -> PluginCheck.Finding {
    do throws(PluginHostError) {
      let store = try CheckFolder()
      defer { store.remove() }
      let registry = PluginRegistry(storeDirectory: store.path, policy: LoadPolicy())
      return try body(try registry.load(path: subject.path))
    } catch { return .init(error) }
  }

  private static func entry(_ subject: PluginSubject) -> PluginCheck.Finding {
    load(subject) { build in
      .init(.passed, build.descriptors.map { "\($0.id) \($0.version)" }.joined(separator: ", "))
    }
  }

  /// An adapter is not driven by this host yet: nothing stands between it and the other checks.
  private static func create(_ subject: PluginSubject) -> PluginCheck.Finding {
    load(subject) { (build) throws(PluginHostError) in
      var count = 0
      for descriptor in build.descriptors {
        for kind in descriptor.kinds where kind != .exchange {
          let instance = try PluginInstance(
            build: build, descriptor: descriptor, kind: kind, config: subject.config,
            name: descriptor.id, instruments: InstrumentTable([]))
          count += instance.parameters.count
          instance.destroy()
        }
      }
      return .init(.passed, "\(count) parameters")
    }
  }
}
