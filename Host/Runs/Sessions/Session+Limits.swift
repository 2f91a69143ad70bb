package import Configuration
import Kernel
package import Market
import PluginABI
import PluginBridge

/// Whose limits are set.
package enum LimitTarget: Sendable, Equatable {
  case all
  case slot(String)
  case assetClass(AssetClass)

  package var holder: RiskLimitHolder {
    switch self {
    case .all: .all
    case .slot: .slot
    case .assetClass: .assetClass
    }
  }
}

/// One limit before and after; nil is off.
package struct LimitStep: Sendable, Equatable {
  package let name: RiskLimitName
  package let old: Int64?
  package let new: Int64?
}

extension Session {
  /// All of them at once, from the next turn on, which does not wait for data; or none of them.
  package func setLimits(
    _ settings: [RiskLimitSetting], of target: LimitTarget, _ note: OperatorNote
  ) throws(SessionError) -> [LimitStep] {
    let scope = try scope(of: target)
    let before = comingLimits
    var after = before
    for setting in settings { after[setting.name.key, scope] = setting.value }
    try check(settings.map(\.name), target, after)
    let changes = settings.map { LimitChange($0.name.key, scope, $0.value) }
    let record = LimitChange.record(changes, who: note.who, why: note.why)
    try queueUrgently { pending in record.withUnsafeBytes { pending.append($0) != nil } }
    return settings.map { setting in
      LimitStep(
        name: setting.name, old: before[setting.name.key, scope],
        new: after[setting.name.key, scope])
    }
  }

  private func scope(of target: LimitTarget) throws(SessionError) -> LimitScope {
    switch target {
    case .all: .all
    case .slot(let name): .slot(try slot(named: name).number)
    case .assetClass(let assetClass): .assetClass(assetClass.rawValue)
    }
  }

  /// In force, and what waits for the next turn.
  private var comingLimits: RiskLimits {
    var limits = kernel.risk.limits
    for record in pending.records where record.type == KEEL_REC_LIMITS { limits.apply(record) }
    return limits
  }

  /// What limits say of each other is held against all that would be in force; only what is set
  /// here can be at fault.
  private func check(
    _ names: [RiskLimitName], _ target: LimitTarget, _ limits: RiskLimits
  ) throws(SessionError) {
    var ofAll = RiskLimitValues()
    for name in RiskLimitName.names(of: .all) { ofAll[name] = limits[name.key, .all] }
    if target == .all {
      for relation in RiskRelation.all where relation.names.contains(where: names.contains) {
        if let defect = relation.defect(in: ofAll) {
          throw SessionError(.refused, "limits", defect.message, remedy: defect.remedy)
        }
      }
    }
    guard ofAll[.orderRateMilliseconds] == nil, names.contains(where: isOfOrderRate) else { return }
    for slot in slots where limits[RiskLimitName.slotOrdersMax.key, .slot(slot.number)] != nil {
      throw SessionError(
        .refused, slot.name, "slotOrdersMax counts in orderRateMilliseconds, which is off",
        remedy: "set orderRateMilliseconds, or slotOrdersMax of \(slot.name) to off first")
    }
  }

  private func isOfOrderRate(_ name: RiskLimitName) -> Bool {
    name == .slotOrdersMax || name == .orderRateMilliseconds
  }
}
