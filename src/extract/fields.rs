//! What the instructions of fields say, in Word documents and in rich text.

use super::numbering::numeral;

/// A field under way.
#[derive(Default)]
pub struct Field {
    pub instruction: String,
    pub in_result: bool,
    /// Its result has text.
    pub shown: bool,
}

impl Field {
    pub fn is_contents(&self) -> bool {
        self.in_result && is_contents(&self.instruction)
    }
}

/// Whether the result of a field is a table of contents.
pub fn is_contents(instruction: &str) -> bool {
    instruction.split_whitespace().next().is_some_and(|code| code.eq_ignore_ascii_case("TOC"))
}

/// What a field draws, by its instruction: a number in a circle, `eq \o\ac(○,1)`, or a fraction, `eq \f(1,2)`.
pub fn equation(instruction: &str) -> Option<String> {
    let code: String = instruction.chars().filter(|char| !char.is_whitespace()).collect();
    let code = code.get(..2).filter(|name| name.eq_ignore_ascii_case("eq")).map(|_| code[2..].to_lowercase())?;
    let (switches, rest) = code.split_once('(')?;
    let (first, second) = rest.strip_suffix(')')?.split_once([',', ';', '，'])?;
    match switches {
        r"\f" => Some(format!("{first}/{second}")),
        r"\o" | r"\o\ac" if "○◯〇".contains(first) => {
            let circled = |format| second.parse().ok().map(|number| numeral(format, number));
            let han = "一二三四五六七八九十".chars().zip('㊀'..).find(|(han, _)| second == han.to_string());
            let circled = circled("decimalEnclosedCircle").or(han.map(|(_, circled)| circled.to_string()));
            Some(circled.unwrap_or_else(|| second.to_string()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instructions() {
        assert!(is_contents(" toc \\o") && !is_contents("TOCX") && !is_contents(""));
        assert_eq!(equation(r" eq \o\ac(○,1)").as_deref(), Some("①"));
        assert_eq!(equation(r"EQ \o\ac(○, 二)").as_deref(), Some("㊁"));
        assert_eq!(equation(r"eq \f(1,2)").as_deref(), Some("1/2"));
        for other in ["PAGE", "eq", r"eq \x(甲)", "é", r"eq \o\ac(△,1)"] {
            assert_eq!(equation(other), None, "{other}");
        }
    }
}
