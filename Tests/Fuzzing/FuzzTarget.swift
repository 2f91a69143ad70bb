/// What any bytes are given to. Whatever they are, the code answers or refuses; a trap is a bug.
/// The same entries are driven by libFuzzer and by the tests that replay its corpus.
package enum FuzzTarget: String, CaseIterable, Sendable {
  case journal, kernel, records, tape, configuration, json, bundle, library, workers

  package func run(_ bytes: UnsafeRawBufferPointer) {
    switch self {
    case .journal: JournalTarget.run(bytes)
    case .kernel: KernelTarget.run(bytes)
    case .records: RecordsTarget.run(bytes)
    case .tape: TapeTarget.run(bytes)
    case .configuration: ConfigurationTarget.run(bytes)
    case .json: JSONTarget.run(bytes)
    case .bundle: BundleTarget.run(bytes)
    case .library: LibraryTarget.run(bytes)
    case .workers: WorkerTarget.run(bytes)
    }
  }
}
