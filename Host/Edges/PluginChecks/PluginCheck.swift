import PluginConformance
import PluginHost

/// One named test of `keel plugin check`.
package struct PluginCheck: Sendable {
  package enum Verdict: String, Sendable, CaseIterable { case passed, skipped, warned, failed }

  package struct Finding: Sendable, Equatable {
    package var verdict: Verdict
    package var evidence: String
    package var remedy: String
    /// Of the answers: equal in every process where the check asks for two.
    package var digest: UInt64

    package init(
      _ verdict: Verdict, _ evidence: String = "", remedy: String = "", digest: UInt64 = 0
    ) {
      self.verdict = verdict
      self.evidence = evidence
      self.remedy = remedy
      self.digest = digest
    }

    init(_ error: PluginHostError) {
      self.init(.failed, error.message, remedy: error.remedy)
    }
  }

  package let name: String
  /// One sentence.
  package let about: String
  package let timeLimit: Duration
  /// 2: it is run again, and the digests must be equal.
  package let processes: Int
  let run: @Sendable (PluginSubject) -> Finding

  /// In the order in which they are run: without the first ones there is nothing to try.
  package static let all: [PluginCheck] = FileChecks.all + conformance

  package static func named(_ name: String) -> PluginCheck? { all.first { $0.name == name } }

  /// What cannot be loaded cannot be tried.
  package var isFoundation: Bool { FileChecks.foundation.contains(name) }

  private static let conformance: [PluginCheck] = (0..<conformance_count()).map { index in
    let test = conformance_at(index)!.pointee
    let name = String(cString: test.name)
    return PluginCheck(
      name: name, about: String(cString: test.about),
      timeLimit: .seconds(Int(test.seconds)), processes: Int(test.processes)
    ) { subject in
      subject.withOptions { options in
        Finding(conformance_run(conformance_at(index), &options))
      }
    }
  }
}

extension PluginCheck.Finding {
  init(_ result: conformance_result) {
    let verdict: PluginCheck.Verdict =
      switch result.verdict {
      case CONFORMANCE_PASSED: .passed
      case CONFORMANCE_SKIPPED: .skipped
      case CONFORMANCE_WARNED: .warned
      default: .failed
      }
    self.init(
      verdict, Self.text(result.evidence), remedy: Self.text(result.remedy), digest: result.digest)
  }

  private static func text<Characters>(_ characters: Characters) -> String {
    withUnsafeBytes(of: characters) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
