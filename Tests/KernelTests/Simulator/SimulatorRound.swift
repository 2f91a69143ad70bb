import Foundation
import TestSupport
import Testing

/// One seed's simulation as a test, and the command that repeats it.
enum SimulatorRound {
  private static let environment = ProcessInfo.processInfo.environment
  /// KEEL_SIM_SEED asks for one seed alone.
  static let onlySeed = environment["KEEL_SIM_SEED"].flatMap(UInt64.init)
  static let turns = environment["KEEL_SIM_TURNS"].flatMap(Int.init)
  static let soak = environment["KEEL_SOAK_SIMULATIONS"].flatMap(Int.init)

  static func command(_ seed: UInt64, _ turns: Int) -> String {
    "KEEL_SIM_SEED=\(seed) KEEL_SIM_TURNS=\(turns) swift test --filter SimulatorTests/theKernel"
  }

  @discardableResult
  static func run(
    _ seed: UInt64, turns: Int, isRestarting: Bool = true,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> Simulator? {
    // Said before: should the code under test end the process, nothing is said after.
    FileHandle.standardError.write(Data("simulating: \(command(seed, turns))\n".utf8))
    do {
      return try Simulator.run(seed: seed, turns: turns, isRestarting: isRestarting)
    } catch {
      Issue.record(
        "turn \(error.turn): \(error.reason)\nrepeat with: \(command(seed, turns))",
        sourceLocation: sourceLocation)
      return nil
    }
  }

  /// A seed of the commit's own, so that no two commits are held against the same ones; nil outside
  /// a repository.
  static var commitSeed: UInt64? {
    let run = try? ToolRun.run(["git", "-C", CPluginCompiler.root, "rev-parse", "HEAD"])
    guard let run, run.status == 0 else { return nil }
    return UInt64(run.output.prefix(12), radix: 16)
  }
}
