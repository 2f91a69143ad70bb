import Glibc
import JSON
import Sessions

/// A child of this program, what it answers, and what it took as a whole.
enum KitProcess {
  struct Outcome {
    let answer: JSONValue
    let wall: Double
    let processor: Double
    let peakMegabytes: Double
  }

  static func run(_ words: [String]) throws -> Outcome {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { Benchmark.fail("pipe: \(errno)") }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO)
    posix_spawn_file_actions_addclose(&actions, ends[0])
    defer { posix_spawn_file_actions_destroy(&actions) }
    var arguments = ([CommandLine.arguments[0]] + words).map { strdup($0) }
    arguments.append(nil)
    defer { arguments.forEach { free($0) } }
    var child = pid_t()
    let begun = MonotonicClock.now()
    guard posix_spawn(&child, "/proc/self/exe", &actions, nil, arguments, environ) == 0 else {
      Benchmark.fail("cannot start itself")
    }
    close(ends[1])
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    close(ends[0])
    var (status, usage) = (Int32(0), rusage())
    wait4(child, &status, 0, &usage)
    let wall = Double(MonotonicClock.now() - begun) / 1e9
    guard status == 0 else { Benchmark.fail("\(words.joined(separator: " ")): status \(status)") }
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return Outcome(
      answer: try JSONValue.parse(bytes), wall: wall,
      processor: seconds(usage.ru_utime) + seconds(usage.ru_stime),
      peakMegabytes: Double(usage.ru_maxrss) / 1_024)
  }
}
