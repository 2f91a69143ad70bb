//! The ABI of keel plugins. Written by generate-rust from the C headers: do not edit.
#![allow(non_camel_case_types, dead_code)]
use core::ffi::c_void;

// base.h
pub type keel_status = i32;
pub const KEEL_OK: i64 = 0;
pub const KEEL_S_END: i64 = 1;
pub const KEEL_E_ARG: i64 = -1;
pub const KEEL_E_UNSUPPORTED: i64 = -2;
pub const KEEL_E_STATE: i64 = -3;
pub const KEEL_E_VERSION: i64 = -4;
pub const KEEL_E_STALE: i64 = -5;
pub const KEEL_E_FULL: i64 = -6;
pub const KEEL_E_IO: i64 = -7;
pub const KEEL_E_FAULT: i64 = -8;
pub type keel_ns = i64;
pub type keel_px = i64;
pub type keel_qty = i64;
pub type keel_inst = u32;
pub type keel_asset = u32;
pub const KEEL_NULL: i64 = i64::MIN;
pub const KEEL_NO_INST: u32 = u32::MAX;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_str {
    pub ptr: *const u8,
    pub len: usize,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_error {
    pub struct_size: u32,
    pub code: i32,
    pub text: [u8; 248],
}

// event.h
pub const KEEL_EV_QUOTE: i64 = 1;
pub const KEEL_EV_TRADE: i64 = 2;
pub const KEEL_EV_BAR: i64 = 3;
pub const KEEL_EV_BOOK: i64 = 4;
pub const KEEL_EV_INSTRUMENT: i64 = 5;
pub const KEEL_EV_STATUS: i64 = 6;
pub const KEEL_EV_FUNDING: i64 = 7;
pub const KEEL_EV_MARK: i64 = 8;
pub const KEEL_EV_OPEN_INTEREST: i64 = 9;
pub const KEEL_EV_LIQUIDATION: i64 = 10;
pub const KEEL_EV_METRIC: i64 = 11;
pub const KEEL_EV_TEXT: i64 = 12;
pub const KEEL_EV_SIGNAL: i64 = 13;
pub const KEEL_EV_ORDER: i64 = 14;
pub const KEEL_EV_FILL: i64 = 15;
pub const KEEL_EV_POSITION: i64 = 16;
pub const KEEL_EV_BALANCE: i64 = 17;
pub const KEEL_EV_TIMER: i64 = 18;
pub const KEEL_EV_PARAM: i64 = 19;
pub const KEEL_EV_GAP: i64 = 20;
pub const KEEL_EV_END: i64 = 21;
pub const KEEL_EV_REQUEST: i64 = 22;
pub const KEEL_EVF_LAST: i64 = 1;
pub const KEEL_EVF_SNAPSHOT: i64 = 2;
pub const KEEL_EVF_REPLAY: i64 = 4;
pub const KEEL_EVF_INHERITED: i64 = 8;
pub const KEEL_EVF_STALE: i64 = 16;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_event {
    pub size: u32,
    pub type_: u16,
    pub flags: u16,
    pub inst: keel_inst,
    pub source: u32,
    pub ts_venue: keel_ns,
    pub ts_recv: keel_ns,
    pub seq: u64,
}
pub const KEEL_SIDE_NONE: i64 = 0;
pub const KEEL_BUY: i64 = 1;
pub const KEEL_SELL: i64 = 2;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_quote {
    pub h: keel_event,
    pub bid: keel_px,
    pub ask: keel_px,
    pub bid_qty: keel_qty,
    pub ask_qty: keel_qty,
    pub venue_seq: u64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_trade {
    pub h: keel_event,
    pub px: keel_px,
    pub qty: keel_qty,
    pub trade_id: u64,
    pub venue_seq: u64,
    pub side: u8,
    pub pad: [u8; 7],
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_bar {
    pub h: keel_event,
    pub open: keel_px,
    pub high: keel_px,
    pub low: keel_px,
    pub close: keel_px,
    pub volume: keel_qty,
    pub interval: keel_ns,
}
pub const KEEL_BOOK_SET: i64 = 0;
pub const KEEL_BOOK_DELETE: i64 = 1;
pub const KEEL_BOOK_CLEAR: i64 = 2;
pub const KEEL_BOOK_NONE: i64 = 3;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_book {
    pub h: keel_event,
    pub px: keel_px,
    pub qty: keel_qty,
    pub order_id: u64,
    pub venue_seq: u64,
    pub venue_seq_prev: u64,
    pub action: u8,
    pub side: u8,
    pub level: u16,
    pub pad: u32,
}
pub const KEEL_KIND_SPOT: i64 = 1;
pub const KEEL_KIND_PERPETUAL: i64 = 2;
pub const KEEL_KIND_INVERSE: i64 = 3;
pub const KEEL_KIND_FUTURE: i64 = 4;
pub const KEEL_KIND_OPTION: i64 = 5;
pub const KEEL_KIND_EQUITY: i64 = 6;
pub const KEEL_CLASS_NONE: i64 = 0;
pub const KEEL_CLASS_CRYPTO: i64 = 1;
pub const KEEL_CLASS_EQUITY: i64 = 2;
pub const KEEL_CLASS_CURRENCY: i64 = 3;
pub const KEEL_CLASS_COMMODITY: i64 = 4;
pub const KEEL_CLASS_RATE: i64 = 5;
pub const KEEL_CLASS_INDEX: i64 = 6;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_instrument {
    pub h: keel_event,
    pub px_exp: i8,
    pub qty_exp: i8,
    pub epoch: u16,
    pub kind: u8,
    pub call_put: u8,
    pub pad: u16,
    pub tick: keel_px,
    pub lot: keel_qty,
    pub min_qty: keel_qty,
    pub min_notional: i64,
    pub multiplier: i64,
    pub multiplier_exp: i8,
    pub pad2: [u8; 3],
    pub base: keel_asset,
    pub quote: keel_asset,
    pub settle: keel_asset,
    pub underlying_id: u64,
    pub expiry: keel_ns,
    pub strike: keel_px,
    pub symbol: [u8; 32],
    pub venue: [u8; 16],
    pub base_code: [u8; 12],
    pub quote_code: [u8; 12],
    pub settle_code: [u8; 12],
    pub account: u16,
    pub asset_class: u8,
    pub pad3: u8,
    pub sector: u16,
    pub group: u16,
    pub initial_margin: i32,
    pub maintenance_margin: i32,
    pub pad4: u32,
    pub sector_name: [u8; 16],
    pub group_name: [u8; 16],
}
pub const KEEL_TRADING: i64 = 1;
pub const KEEL_HALTED: i64 = 2;
pub const KEEL_CLOSED: i64 = 3;
pub const KEEL_AUCTION: i64 = 4;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_status {
    pub h: keel_event,
    pub state: u8,
    pub pad: [u8; 7],
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_funding {
    pub h: keel_event,
    pub rate: i64,
    pub mark: keel_px,
    pub due: keel_ns,
    pub rate_exp: i8,
    pub pad: [u8; 7],
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_mark {
    pub h: keel_event,
    pub mark: keel_px,
    pub index: keel_px,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_value {
    pub h: keel_event,
    pub value: f64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_metric {
    pub h: keel_event,
    pub value: f64,
    pub name: [u8; 48],
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_text {
    pub h: keel_event,
    pub text_offset: u32,
    pub text_length: u32,
    pub language: u32,
    pub pad: u32,
}
pub const KEEL_ORDER_PENDING: i64 = 1;
pub const KEEL_ORDER_ACCEPTED: i64 = 2;
pub const KEEL_ORDER_PARTIALLY_FILLED: i64 = 3;
pub const KEEL_ORDER_FILLED: i64 = 4;
pub const KEEL_ORDER_PENDING_CANCEL: i64 = 5;
pub const KEEL_ORDER_CANCELLED: i64 = 6;
pub const KEEL_ORDER_REJECTED: i64 = 7;
pub const KEEL_ORDER_EXPIRED: i64 = 8;
pub const KEEL_ORDER_PENDING_AMEND: i64 = 9;
pub const KEEL_ORDER_UNKNOWN: i64 = 10;
pub const KEEL_ORDER_REFUSED: i64 = 11;
pub const KEEL_ORDER_HELD: i64 = 12;
pub const KEEL_MARKET: i64 = 1;
pub const KEEL_LIMIT: i64 = 2;
pub const KEEL_STOP: i64 = 3;
pub const KEEL_STOP_LIMIT: i64 = 4;
pub const KEEL_TRAILING_STOP: i64 = 5;
pub const KEEL_TAKE_PROFIT: i64 = 6;
pub const KEEL_IF_TOUCHED: i64 = 7;
pub const KEEL_GTC: i64 = 1;
pub const KEEL_IOC: i64 = 2;
pub const KEEL_FOK: i64 = 3;
pub const KEEL_GTD: i64 = 4;
pub const KEEL_DAY: i64 = 5;
pub const KEEL_POSITION_NET: i64 = 0;
pub const KEEL_POSITION_LONG: i64 = 1;
pub const KEEL_POSITION_SHORT: i64 = 2;
pub const KEEL_LIQUIDITY_UNKNOWN: i64 = 0;
pub const KEEL_MAKER: i64 = 1;
pub const KEEL_TAKER: i64 = 2;
pub const KEEL_REASON_NONE: i64 = 0;
pub const KEEL_REASON_MALFORMED: i64 = 1;
pub const KEEL_REASON_UNKNOWN_INSTRUMENT: i64 = 2;
pub const KEEL_REASON_UNKNOWN_ORDER: i64 = 3;
pub const KEEL_REASON_DUPLICATE_INTENT: i64 = 4;
pub const KEEL_REASON_STALE_GENERATION: i64 = 5;
pub const KEEL_REASON_OFF_TICK: i64 = 6;
pub const KEEL_REASON_OFF_LOT: i64 = 7;
pub const KEEL_REASON_BELOW_MINIMUM: i64 = 8;
pub const KEEL_REASON_UNSUPPORTED: i64 = 9;
pub const KEEL_REASON_NOT_FINITE: i64 = 10;
pub const KEEL_REASON_BELOW_NOTIONAL: i64 = 11;
pub const KEEL_REASON_TIME_IN_FORCE: i64 = 12;
pub const KEEL_REASON_WOULD_CROSS: i64 = 13;
pub const KEEL_REASON_REDUCE_ONLY: i64 = 14;
pub const KEEL_REASON_TRIGGER: i64 = 15;
pub const KEEL_REASON_EXPIRED: i64 = 16;
pub const KEEL_REASON_LINK: i64 = 17;
pub const KEEL_REASON_CHANGE_UNDER_WAY: i64 = 18;
pub const KEEL_REASON_POSITION_SIDE: i64 = 19;
pub const KEEL_REASON_ACCOUNT: i64 = 20;
pub const KEEL_REASON_HALTED: i64 = 32;
pub const KEEL_REASON_STALE_DATA: i64 = 33;
pub const KEEL_REASON_PRICE_COLLAR: i64 = 34;
pub const KEEL_REASON_ORDER_NOTIONAL: i64 = 35;
pub const KEEL_REASON_POSITION_LIMIT: i64 = 36;
pub const KEEL_REASON_INSUFFICIENT_CASH: i64 = 37;
pub const KEEL_REASON_GAPPED_DATA: i64 = 38;
pub const KEEL_REASON_ORDER_QUANTITY: i64 = 39;
pub const KEEL_REASON_SELF_TRADE: i64 = 40;
pub const KEEL_REASON_DUPLICATE_ORDER: i64 = 41;
pub const KEEL_REASON_RATE_SLOT: i64 = 42;
pub const KEEL_REASON_RATE_ACCOUNT: i64 = 43;
pub const KEEL_REASON_RATE_VENUE: i64 = 44;
pub const KEEL_REASON_REDUCING: i64 = 45;
pub const KEEL_REASON_TRADING_HALTED: i64 = 46;
pub const KEEL_REASON_EQUITY_SHARE: i64 = 47;
pub const KEEL_REASON_GROSS_EXPOSURE: i64 = 48;
pub const KEEL_REASON_CLASS_EXPOSURE: i64 = 49;
pub const KEEL_REASON_LEVERAGE: i64 = 50;
pub const KEEL_REASON_CLASS_LEVERAGE: i64 = 51;
pub const KEEL_REASON_CORRELATED: i64 = 52;
pub const KEEL_REASON_SECTOR: i64 = 53;
pub const KEEL_REASON_TRADE_RISK: i64 = 54;
pub const KEEL_REASON_OPEN_RISK: i64 = 55;
pub const KEEL_REASON_DAILY_LOSS: i64 = 56;
pub const KEEL_REASON_DAILY_TRADES: i64 = 57;
pub const KEEL_REASON_DRAWDOWN: i64 = 58;
pub const KEEL_REASON_DRAWDOWN_SIZE: i64 = 59;
pub const KEEL_REASON_CIRCUIT_BREAKER: i64 = 60;
pub const KEEL_REASON_MARGIN: i64 = 61;
pub const KEEL_REASON_STALE_RATE: i64 = 62;
pub const KEEL_REASON_SLOT_BUDGET: i64 = 63;
pub const KEEL_REASON_VENUE: i64 = 64;
pub const KEEL_REASON_NO_LIQUIDITY: i64 = 65;
pub const KEEL_REASON_POST_ONLY_WOULD_CROSS: i64 = 66;
pub const KEEL_REASON_NOT_FOUND: i64 = 67;
pub const KEEL_REASON_OPERATOR: i64 = 96;
pub const KEEL_REASON_SLOT_PARKED: i64 = 97;
pub const KEEL_REASON_CAPACITY: i64 = 98;
pub const KEEL_REASON_LINKED: i64 = 99;
pub const KEEL_REASON_KILLED: i64 = 100;
pub const KEEL_REASON_RECONCILED: i64 = 101;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_order {
    pub h: keel_event,
    pub order_id: u64,
    pub intent_id: u64,
    pub limit: keel_px,
    pub trigger: keel_px,
    pub qty: keel_qty,
    pub filled: keel_qty,
    pub average: keel_px,
    pub generation: u32,
    pub account: u16,
    pub reason: u16,
    pub state: u8,
    pub side: u8,
    pub order_type: u8,
    pub tif: u8,
    pub position_side: u8,
    pub flags: u8,
    pub link: u8,
    pub is_cumulative: u8,
    pub link_id: u64,
    pub client_id: [u8; 40],
    pub venue_id: [u8; 40],
}
pub const KEEL_FILL_FOREIGN: i64 = 1;
pub const KEEL_FILL_CLOSING: i64 = 2;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_fill {
    pub h: keel_event,
    pub order_id: u64,
    pub intent_id: u64,
    pub px: keel_px,
    pub qty: keel_qty,
    pub fee: i64,
    pub fee_asset: keel_asset,
    pub generation: u32,
    pub fee_exp: i8,
    pub side: u8,
    pub liquidity: u8,
    pub position_side: u8,
    pub account: u16,
    pub is_external: u8,
    pub pad: u8,
    pub exec_id: [u8; 40],
    pub client_id: [u8; 40],
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_position {
    pub h: keel_event,
    pub qty: i64,
    pub average: keel_px,
    pub account: u16,
    pub position_side: u8,
    pub pad: [u8; 5],
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_balance {
    pub h: keel_event,
    pub total: i64,
    pub available: i64,
    pub asset: keel_asset,
    pub account: u16,
    pub exp: i8,
    pub pad: u8,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_timer {
    pub h: keel_event,
    pub timer_id: u64,
    pub due: keel_ns,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_param {
    pub h: keel_event,
    pub param: u32,
    pub pad: u32,
    pub value: f64,
    pub text_offset: u32,
    pub text_length: u32,
}
pub const KEEL_GAP_FEED: i64 = 1;
pub const KEEL_GAP_OVERFLOW: i64 = 2;
pub const KEEL_GAP_DISCONNECT: i64 = 3;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_gap {
    pub h: keel_event,
    pub missed: u64,
    pub cause: u32,
    pub pad: u32,
}
pub const KEEL_END_COMPLETE: i64 = 0;
pub const KEEL_END_CANCELLED: i64 = 1;
pub const KEEL_END_FAILED: i64 = 2;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_end {
    pub h: keel_event,
    pub correlation: u64,
    pub cause: u32,
    pub pad: u32,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_ev_request {
    pub h: keel_event,
    pub correlation: u64,
    pub horizon: keel_ns,
}

// intent.h
pub const KEEL_IN_TARGET: i64 = 64;
pub const KEEL_IN_PLACE: i64 = 65;
pub const KEEL_IN_AMEND: i64 = 66;
pub const KEEL_IN_CANCEL: i64 = 67;
pub const KEEL_IN_CANCEL_ALL: i64 = 68;
pub const KEEL_EV_EXPLAIN: i64 = 80;
pub const KEEL_INF_POST_ONLY: i64 = 1;
pub const KEEL_INF_REDUCE_ONLY: i64 = 2;
pub const KEEL_ALGO_NONE: i64 = 0;
pub const KEEL_ALGO_TWAP: i64 = 1;
pub const KEEL_ALGO_VWAP: i64 = 2;
pub const KEEL_ALGO_POV: i64 = 3;
pub const KEEL_ALGO_ICEBERG: i64 = 4;
pub const KEEL_ALGO_SHORTFALL: i64 = 5;
pub const KEEL_LINK_NONE: i64 = 0;
pub const KEEL_LINK_BRACKET: i64 = 1;
pub const KEEL_LINK_OCO: i64 = 2;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_intent {
    pub h: keel_event,
    pub intent_id: u64,
    pub order_id: u64,
    pub limit: keel_px,
    pub trigger: keel_px,
    pub qty: keel_qty,
    pub display: keel_qty,
    pub expires: keel_ns,
    pub account: u16,
    pub side: u8,
    pub position_side: u8,
    pub order_type: u8,
    pub tif: u8,
    pub flags: u8,
    pub link: u8,
    pub link_id: u64,
    pub trail: keel_px,
    pub algorithm: u16,
    pub pad: [u16; 3],
    pub algo: [f64; 4],
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_value {
    pub key: u32,
    pub pad: u32,
    pub value: f64,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_signal {
    pub h: keel_event,
    pub horizon: keel_ns,
    pub score: f64,
    pub confidence: f64,
    pub correlation: u64,
    pub alpha: u32,
    pub count: u32,
    pub values: [keel_value; 6],
}
pub const KEEL_VALUE_RETURN: i64 = 1;
pub const KEEL_VALUE_VOLATILITY: i64 = 2;
pub const KEEL_VALUE_LOW: i64 = 3;
pub const KEEL_VALUE_HIGH: i64 = 4;
pub const KEEL_VALUE_REGIME: i64 = 5;
pub const KEEL_VALUE_PROBABILITY: i64 = 6;
pub const KEEL_VALUE_EDGE_BPS: i64 = 7;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_explain {
    pub h: keel_event,
    pub subject: u64,
    pub text_offset: u32,
    pub text_length: u32,
}

// batch.h
pub const KEEL_WARMUP: i64 = 1;
pub const KEEL_SHADOW: i64 = 2;
pub const KEEL_LIVE: i64 = 3;
pub const KEEL_DRAIN: i64 = 4;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_batch {
    pub struct_size: u32,
    pub mode: u32,
    pub generation: u32,
    pub count: u32,
    pub slot: u32,
    pub reserved: u32,
    pub first_seq: u64,
    pub last_seq: u64,
    pub slot_count: u64,
    pub now: keel_ns,
    pub events: *const c_void,
    pub bytes: usize,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_sink {
    pub struct_size: u32,
    pub reserved: u32,
    pub ctx: *mut c_void,
    pub push: Option<unsafe extern "C" fn(*const keel_sink, *const c_void, usize) -> keel_status>,
}

// host.h
pub const KEEL_LOG_DEBUG: i64 = 1;
pub const KEEL_LOG_INFO: i64 = 2;
pub const KEEL_LOG_WARNING: i64 = 3;
pub const KEEL_LOG_ERROR: i64 = 4;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_host {
    pub struct_size: u32,
    pub abi_minor: u32,
    pub ctx: *mut c_void,
    pub extension_: Option<unsafe extern "C" fn(*const keel_host, *const u8) -> *const c_void>,
    pub log: Option<unsafe extern "C" fn(*const keel_host, i32, keel_str)>,
    pub now: Option<unsafe extern "C" fn(*const keel_host) -> keel_ns>,
    pub instrument: Option<unsafe extern "C" fn(*const keel_host, keel_inst) -> *const keel_ev_instrument>,
    pub wake: Option<unsafe extern "C" fn(*const keel_host) -> keel_status>,
    pub timer: Option<unsafe extern "C" fn(*const keel_host, u64, keel_ns) -> keel_status>,
}

// plugin.h
pub const KEEL_PF_DETERMINISTIC: i64 = 1;
pub const KEEL_PF_OWN_THREADS: i64 = 2;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_descriptor {
    pub struct_size: u32,
    pub flags: u32,
    pub id: *const u8,
    pub name: *const u8,
    pub vendor: *const u8,
    pub version: *const u8,
    pub kinds: *const *const u8,
    pub state_schema: *const u8,
    pub state_version: u32,
    pub state_oldest: u32,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_plugin {
    pub struct_size: u32,
    pub reserved: u32,
    pub desc: *const keel_descriptor,
    pub self_: *mut c_void,
    pub activate: Option<unsafe extern "C" fn(*mut keel_plugin, *mut keel_error) -> keel_status>,
    pub deactivate: Option<unsafe extern "C" fn(*mut keel_plugin) -> keel_status>,
    pub destroy: Option<unsafe extern "C" fn(*mut keel_plugin)>,
    pub extension_: Option<unsafe extern "C" fn(*mut keel_plugin, *const u8) -> *const c_void>,
}

// strategy.h
pub const KEEL_STRATEGY: &core::ffi::CStr = c"keel.strategy/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_strategy {
    pub struct_size: u32,
    pub reserved: u32,
    pub process: Option<unsafe extern "C" fn(*mut keel_plugin, *const keel_batch, *const keel_sink) -> keel_status>,
}

// alpha.h
pub const KEEL_ALPHA: &core::ffi::CStr = c"keel.alpha/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_alpha {
    pub struct_size: u32,
    pub reserved: u32,
    pub process: Option<unsafe extern "C" fn(*mut keel_plugin, *const keel_batch, *const keel_sink) -> keel_status>,
}

// data.h
pub const KEEL_DATA: &core::ffi::CStr = c"keel.data/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_feed {
    pub struct_size: u32,
    pub reserved: u32,
    pub ctx: *mut c_void,
    pub publish: Option<unsafe extern "C" fn(*const keel_feed, *const c_void, usize) -> keel_status>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_data {
    pub struct_size: u32,
    pub reserved: u32,
    pub attach: Option<unsafe extern "C" fn(*mut keel_plugin, *const keel_feed) -> keel_status>,
    pub subscribe: Option<unsafe extern "C" fn(*mut keel_plugin, keel_inst, u64, keel_ns) -> keel_status>,
    pub unsubscribe: Option<unsafe extern "C" fn(*mut keel_plugin, keel_inst, u64, keel_ns) -> keel_status>,
    pub poll: Option<unsafe extern "C" fn(*mut keel_plugin, keel_ns, *mut keel_ns) -> keel_status>,
}

// exchange.h
pub const KEEL_EXCHANGE: &core::ffi::CStr = c"keel.exchange/1";
pub const KEEL_CMD_SUBMIT: i64 = 112;
pub const KEEL_CMD_AMEND: i64 = 113;
pub const KEEL_CMD_CANCEL: i64 = 114;
pub const KEEL_CMD_QUERY: i64 = 115;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_order {
    pub h: keel_event,
    pub order_id: u64,
    pub intent_id: u64,
    pub limit: keel_px,
    pub trigger: keel_px,
    pub qty: keel_qty,
    pub display: keel_qty,
    pub expires: keel_ns,
    pub generation: u32,
    pub account: u16,
    pub side: u8,
    pub position_side: u8,
    pub order_type: u8,
    pub tif: u8,
    pub flags: u8,
    pub pad: [u8; 5],
    pub trail: keel_px,
    pub client_id: [u8; 40],
    pub venue_id: [u8; 40],
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_exchange {
    pub struct_size: u32,
    pub reserved: u32,
    pub attach: Option<unsafe extern "C" fn(*mut keel_plugin, *const keel_feed) -> keel_status>,
    pub submit: Option<unsafe extern "C" fn(*mut keel_plugin, *const keel_order) -> keel_status>,
    pub amend: Option<unsafe extern "C" fn(*mut keel_plugin, *const keel_order) -> keel_status>,
    pub cancel: Option<unsafe extern "C" fn(*mut keel_plugin, *const keel_order) -> keel_status>,
    pub query: Option<unsafe extern "C" fn(*mut keel_plugin, *const keel_order) -> keel_status>,
    pub reconcile: Option<unsafe extern "C" fn(*mut keel_plugin, keel_ns) -> keel_status>,
}

// entry.h
pub const KEEL_ENTRY_SYMBOL: &core::ffi::CStr = c"keel_entry_v0";
pub const KEEL_ABI_MAJOR: u16 = 0;
pub const KEEL_ABI_DRAFT: u16 = 2;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_entry {
    pub struct_size: u32,
    pub abi_major: u16,
    pub abi_minor: u16,
    pub init: Option<unsafe extern "C" fn(*const u8) -> keel_status>,
    pub deinit: Option<unsafe extern "C" fn()>,
    pub count: Option<unsafe extern "C" fn() -> u32>,
    pub describe: Option<unsafe extern "C" fn(u32) -> *const keel_descriptor>,
    pub create: Option<unsafe extern "C" fn(*const keel_host, *const u8, keel_str, *mut *mut keel_plugin, *mut keel_error) -> keel_status>,
}

// ext/params.h
pub const KEEL_PARAMS: &core::ffi::CStr = c"keel.params/1";
pub const KEEL_PARAM_BOOLEAN: i64 = 1;
pub const KEEL_PARAM_INTEGER: i64 = 2;
pub const KEEL_PARAM_DECIMAL: i64 = 3;
pub const KEEL_PARAM_ENUM: i64 = 4;
pub const KEEL_PARAM_TEXT: i64 = 5;
pub const KEEL_PARAMF_LIVE: i64 = 1;
pub const KEEL_PARAMF_REQUIRED: i64 = 2;
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_param_info {
    pub struct_size: u32,
    pub id: u32,
    pub kind: u32,
    pub flags: u32,
    pub min: f64,
    pub max: f64,
    pub initial: f64,
    pub name: [u8; 48],
    pub unit: [u8; 16],
    pub choices: [u8; 128],
    pub text: [u8; 128],
    pub about: [u8; 128],
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_params {
    pub struct_size: u32,
    pub reserved: u32,
    pub count: Option<unsafe extern "C" fn(*mut keel_plugin) -> u32>,
    pub info: Option<unsafe extern "C" fn(*mut keel_plugin, u32, *mut keel_param_info) -> keel_status>,
    pub set: Option<unsafe extern "C" fn(*mut keel_plugin, u32, f64, keel_str, *mut keel_error) -> keel_status>,
}

// ext/interests.h
pub const KEEL_INTERESTS: &core::ffi::CStr = c"keel.interests/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_interests_info {
    pub struct_size: u32,
    pub reserved: u32,
    pub types: u64,
    pub bar_interval: keel_ns,
    pub warmup_records: u32,
    pub pad: u32,
    pub warmup_time: keel_ns,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_interests {
    pub struct_size: u32,
    pub reserved: u32,
    pub get: Option<unsafe extern "C" fn(*mut keel_plugin, *mut keel_interests_info) -> keel_status>,
}

// ext/state.h
pub const KEEL_STATE: &core::ffi::CStr = c"keel.state/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_stream {
    pub struct_size: u32,
    pub reserved: u32,
    pub ctx: *mut c_void,
    pub io: Option<unsafe extern "C" fn(*const keel_stream, *mut c_void, usize) -> i64>,
}
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_state {
    pub struct_size: u32,
    pub reserved: u32,
    pub save: Option<unsafe extern "C" fn(*mut keel_plugin, *const keel_stream, u64) -> keel_status>,
    pub load: Option<unsafe extern "C" fn(*mut keel_plugin, *const keel_stream, u32, *mut keel_error) -> keel_status>,
}

// ext/swap.h
pub const KEEL_SWAP: &core::ffi::CStr = c"keel.swap/1";
#[repr(C)]
#[derive(Clone, Copy)]
pub struct keel_swap {
    pub struct_size: u32,
    pub reserved: u32,
    pub quiesce: Option<unsafe extern "C" fn(*mut keel_plugin, keel_ns) -> keel_status>,
    pub resume: Option<unsafe extern "C" fn(*mut keel_plugin) -> keel_status>,
}

pub type keel_entry_fn = unsafe extern "C" fn() -> *const keel_entry;
