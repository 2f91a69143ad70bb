import Glibc

/// One child, in a process group of its own: what a terminal sends its foreground does not reach
/// it, and whatever it started can be ended with it. Reaped when it ended, or with this object.
final class ChildProcess {
  struct Ending: Equatable {
    /// As `waitpid` tells it.
    let status: Int32
    var exitCode: Int? { status & 0x7F == 0 ? Int(status >> 8 & 0xFF) : nil }
    var signal: Int32? { status & 0x7F != 0 ? status & 0x7F : nil }
  }

  let id: pid_t
  private(set) var output: [UInt8] = []
  private(set) var errors: [UInt8] = []
  private(set) var hasOverflowed = false
  private var outputEnd: Int32
  private var errorEnd: Int32
  private var isReaped = false
  private let outputBytesMax: Int
  private static let errorBytesMax = 16 << 10

  /// nil with an errno where it cannot be started.
  init?(
    _ executable: String, _ arguments: [String], environment: [String], outputBytesMax: Int,
    failure: inout Int32
  ) {
    self.outputBytesMax = outputBytesMax
    guard let output = Self.pipe(&failure) else { return nil }
    guard let errors = Self.pipe(&failure) else {
      close(output.read)
      close(output.write)
      return nil
    }
    var child: pid_t = 0
    failure = Self.spawn(executable, arguments, environment, output.write, errors.write, &child)
    close(output.write)
    close(errors.write)
    guard failure == 0 else {
      close(output.read)
      close(errors.read)
      return nil
    }
    id = child
    (outputEnd, errorEnd) = (output.read, errors.read)
  }

  deinit {
    stop()
    for end in [outputEnd, errorEnd] where end >= 0 { close(end) }
  }

  /// Not waited for at this end only: a child does not expect its own to be full.
  private static func pipe(_ failure: inout Int32) -> (read: Int32, write: Int32)? {
    var ends: [Int32] = [-1, -1]
    guard Glibc.pipe(&ends) == 0 else {
      failure = errno
      return nil
    }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return (ends[0], ends[1])
  }

  private static func spawn(
    _ executable: String, _ arguments: [String], _ environment: [String], _ output: Int32,
    _ errors: Int32, _ child: inout pid_t
  ) -> Int32 {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    var (none, all) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
    posix_spawnattr_setflags(&attributes, Int16(flags))
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, output, 1)
    posix_spawn_file_actions_adddup2(&actions, errors, 2)
    var words = ([executable] + arguments).map { strdup($0) }
    var values = environment.map { strdup($0) }
    defer { for text in words + values { free(text) } }
    words.append(nil)
    values.append(nil)
    return posix_spawn(&child, executable, &actions, &attributes, words, values)
  }

  /// What poll waits for.
  var descriptors: [Int32] { [outputEnd, errorEnd].filter { $0 >= 0 } }

  /// Reads what is there; how it ended, once it did and all it said is read.
  func look() -> Ending? {
    drain()
    var status: Int32 = 0
    guard !isReaped, waitpid(id, &status, WNOHANG) == id else { return nil }
    isReaped = true
    // What it started must not go on without it.
    kill(-id, SIGKILL)
    drain()
    return Ending(status: status)
  }

  /// Asks it to end; what it says from then on is nobody's.
  func ask() { if !isReaped { kill(-id, SIGTERM) } }

  /// Ends it now.
  func stop() {
    guard !isReaped else { return }
    kill(-id, SIGKILL)
    var status: Int32 = 0
    while waitpid(id, &status, 0) < 0, errno == EINTR {}
    isReaped = true
  }

  private func drain() {
    Self.drain(&outputEnd) { bytes in
      output += bytes.prefix(outputBytesMax - output.count)
      if output.count >= outputBytesMax { hasOverflowed = true }
    }
    Self.drain(&errorEnd) { bytes in
      errors += bytes
      // The last words say why.
      if errors.count > Self.errorBytesMax {
        errors.removeFirst(errors.count - Self.errorBytesMax)
      }
    }
  }

  private static func drain(_ end: inout Int32, _ take: (ArraySlice<UInt8>) -> Void) {
    guard end >= 0 else { return }
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = read(end, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      if count < 0, errno == EAGAIN { return }
      guard count > 0 else {
        close(end)
        end = -1
        return
      }
      take(buffer[..<count])
    }
  }
}
