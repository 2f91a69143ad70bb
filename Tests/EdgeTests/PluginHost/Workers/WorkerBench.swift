import Foundation
import PluginABI
import TestSupport

@testable import PluginHost

/// Plugins in workers of the program as it was built.
struct WorkerBench {
  let bench = PluginBench()
  var options: WorkerOptions

  init() throws {
    options = WorkerOptions()
    options.program = try BuiltProducts.keel
    // A machine with other work to do is slow, and that is not what is tried.
    options.answerDeadline = 20_000_000_000
    options.controlDeadline = 20_000_000_000
  }

  /// Of what neither loops nor sleeps for long.
  static func impatient() -> InstanceLimits {
    var limits = InstanceLimits.standard
    limits.eventDeadline = 20_000_000
    limits.controlDeadline = 20_000_000
    return limits
  }

  func created(
    _ path: String, name: String = "slot", config: String = "",
    limits: InstanceLimits = .standard
  ) throws -> PluginInstance {
    let build = try bench.load(path)
    return try PluginInstance(
      build: build, descriptor: build.descriptors[0], config: config, name: name,
      instruments: bench.instruments, limits: limits, placement: .worker(options))
  }

  func active(_ path: String, name: String = "slot") throws -> PluginInstance {
    let instance = try created(path, name: name)
    try instance.activate()
    return instance
  }

  /// What misbehaves in one of its calls.
  func misbehaving(_ what: String, in call: String) throws -> String {
    try bench.bad("misbehaves", flags: ["-DWHERE=\"\(call)\"", "-DWHAT=\(what)"])
  }

  /// A program in the place of keel, which answers batches as its slot's name says.
  static func hostile() throws -> String {
    let root = CPluginCompiler.root
    let channel = "\(root)/Host/Edges/WorkerChannel"
    let folder = "\(root)/.build/test-plugins"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let program = "\(folder)/hostile-worker-\(getpid())"
    if FileManager.default.fileExists(atPath: program) { return program }
    let part = "\(program).\(UUID().uuidString)"
    try ToolRun.require([
      "cc", "-std=c11", "-O1", "-Wall", "-Wextra", "-Werror", "-pthread",
      "-I", "\(root)/PluginAPI/PluginABI/include",
      "-I", "\(root)/Host/Edges/PluginBoundary/include", "-I", "\(channel)/include",
      "-I", channel, "\(root)/Tests/Fixtures/HostileWorker/hostile.c", "\(channel)/ring.c",
      "\(channel)/memory.c", "-o", part,
    ])
    guard rename(part, program) == 0 else {
      throw ToolFailure(text: "cannot rename the program built into \(program)")
    }
    return program
  }

  /// Neither running nor waiting to be reaped.
  static func isGone(_ process: Int32) -> Bool { kill(process, 0) != 0 && errno == ESRCH }
}
