import PluginConformance
package import PluginHost

/// What one plugin of a library costs; nil where it cannot be measured.
package struct PluginCost: Sendable {
  package let id: String
  package let aloneNanoseconds: Double?
  package let togetherNanoseconds: Double?
  package let allocations: Double?
  package let instanceBytes: Double?
  package let stateBytes: Int?
  package let saveNanoseconds: Double?

  /// Every plugin of the library that takes batches, in this process.
  package static func measure(
    _ subject: PluginSubject
  ) throws(PluginHostError) -> [PluginCost] {
    let folder = try CheckFolder()
    defer { folder.remove() }
    let registry = PluginRegistry(storeDirectory: folder.path, policy: LoadPolicy())
    let build = try registry.load(path: subject.path)
    var copy = subject
    copy.path = build.storedPath
    var costs: [PluginCost] = []
    var refusal = "it describes none that takes batches"
    for (index, descriptor) in build.descriptors.enumerated() {
      var cost = conformance_cost()
      var result = conformance_result()
      let isMeasured = copy.withOptions {
        conformance_measure(&$0, UInt32(index), &cost, &result)
      }
      if isMeasured {
        costs.append(PluginCost(descriptor.id, cost))
      } else {
        refusal = PluginCheck.Finding(result).evidence
      }
    }
    guard costs.isEmpty else { return costs }
    throw PluginHostError(
      .create, subject.path, "there is nothing to measure: \(refusal)",
      remedy: "keel plugin check says more")
  }

  private init(_ id: String, _ cost: conformance_cost) {
    func known(_ value: Double) -> Double? { value < 0 ? nil : value }
    self.id = id
    aloneNanoseconds = known(cost.alone_ns)
    togetherNanoseconds = known(cost.together_ns)
    allocations = known(cost.allocations)
    instanceBytes = known(cost.instance_bytes)
    stateBytes = cost.state_bytes < 0 ? nil : Int(cost.state_bytes)
    saveNanoseconds = known(cost.save_ns)
  }
}
