//! Tells what of the place's indicators is told of something else: of firms, parks and several places together, of a good, of
//! a branch of industry.

use crate::patterns::{Pattern, patterns};

patterns! {
    // firms, parks and several places together
    OTHERS = "^(?:(?:[省市区县州]属|国有|民营|中央|重点|骨干|龙头|上市)[^，0-9]{0,3}企业|[^，0-9]{0,8}(?:(?:川渝|成渝|京津冀|长三角|粤港澳|区域)[^，0-9]{0,3}一体化|经济圈|都市圈|城市群|开发区|高新区|自贸区|自贸试验区|保税区|园区))[^0-9]*$";
    // 新能源汽车产量增长20%，出口增长53.6%
    GOODS = "^[^，、0-9]{1,20}(?:产量|销量|[^总]产值)(?:同比|实际)?(?:增长|提高|下降)[0-9]";
    // 农产品加工业增长8%, but not what a place is divided into
    BRANCH = "^[^，、0-9]{2,12}[^就创毕企农事失作]业[^，、0-9]{0,12}[0-9]";
    SECTOR = "^(?:规模以上|规上|全部|第[一二三]|现代|建筑|新增)*(?:工业|产业|服务业|业)";
}

/// What a firm, a park or several places together have as well as a place.
const SHARED: [&str; 9] =
    ["出口", "外贸", "进出口", "研发", "税收", "地区生产总值", "固定资产投资", "工业增加值", "财政收入"];

/// What a good has, and what a branch of industry has.
const TRADED: [&str; 2] = ["出口", "外贸出口"];
const BRANCHED: [&str; 3] = ["出口", "外贸出口", "税收"];

/// How indicators begin that are told of others in a clause with this beginning, and in the next one.
pub(crate) fn shared(clause: &str) -> Option<&'static [&'static str]> {
    OTHERS.is_match(clause).then_some(&SHARED)
}

/// The same of a clause that begins with no indicator.
pub(crate) fn traded(clause: &str) -> Option<&'static [&'static str]> {
    match () {
        _ if GOODS.is_match(clause) => Some(&TRADED),
        _ if BRANCH.is_match(clause) && !SECTOR.is_match(clause) => Some(&BRANCHED),
        _ => None,
    }
}
