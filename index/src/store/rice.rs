//! Numbers into few bits: Rice coding (Golomb, Run-length encodings, IEEE Trans. IT-12, 1966; Rice 1979). Of a number
//! all but the lowest `low` bits are written as so many ones and a zero, then the lowest bits as they are. Cheapest when
//! the numbers are about `1 << low` on average; for `low` 0 the distances of an ascending list are a bitmap.
//!
//! Bits fill bytes from the lowest up. Ones fill the last byte, which no number ends in.

/// The `low` that writes numbers of this sum in about the fewest bits.
pub(crate) fn low_bits(sum: u64, count: u64) -> u32 {
    // the rule for numbers that fall off geometrically (Kiely, Selecting the Golomb parameter in Rice coding, 2004): the
    // mean times the logarithm of the golden ratio
    (sum * 12 / (count * 25).max(1)).checked_ilog2().map_or(0, |log| log + 1).min(24)
}

/// Appends numbers to bytes.
pub(crate) struct Bits<'b> {
    bytes: &'b mut Vec<u8>,
    /// Bits that do not fill a byte yet, and how many.
    rest: u64,
    count: u32,
}

impl<'b> Bits<'b> {
    pub fn new(bytes: &'b mut Vec<u8>) -> Self {
        Bits { bytes, rest: 0, count: 0 }
    }

    pub fn push(&mut self, number: u32, low: u32) {
        let mut ones = number >> low;
        // what is put at once has room behind the 31 bits that may wait
        while ones + low >= 32 {
            let some = ones.min(24);
            self.put((1 << some) - 1, some);
            ones -= some;
        }
        let lowest = number as u64 & ((1 << low) - 1);
        self.put(lowest << (ones + 1) | ((1 << ones) - 1), ones + 1 + low);
    }

    fn put(&mut self, bits: u64, count: u32) {
        self.rest |= bits << self.count;
        self.count += count;
        if self.count >= 32 {
            self.bytes.extend_from_slice(&(self.rest as u32).to_le_bytes());
            self.rest >>= 32;
            self.count -= 32;
        }
    }

    pub fn finish(self) {
        let filled = self.rest | u64::MAX << self.count;
        self.bytes.extend_from_slice(&filled.to_le_bytes()[..self.count.div_ceil(8) as usize]);
    }
}

/// Takes numbers from bytes.
pub(crate) struct Numbers<'b> {
    bytes: &'b [u8],
    /// Bits that were taken from the bytes and not read yet, and how many.
    rest: u64,
    count: u32,
}

impl<'b> Numbers<'b> {
    pub fn new(bytes: &'b [u8]) -> Self {
        Numbers { bytes, rest: 0, count: 0 }
    }

    /// Makes at least 56 bits ready, or all there are.
    #[inline]
    fn fill(&mut self) {
        if let Some((word, _)) = self.bytes.split_first_chunk::<8>() {
            self.rest |= u64::from_le_bytes(*word) << self.count;
            let taken = (63 - self.count) / 8;
            self.bytes = &self.bytes[taken as usize..];
            self.count += taken * 8;
            return;
        }
        while self.count < 56
            && let Some((&byte, rest)) = self.bytes.split_first()
        {
            self.rest |= (byte as u64) << self.count;
            self.count += 8;
            self.bytes = rest;
        }
    }

    /// The next number; `None` at the end.
    #[inline]
    pub fn take(&mut self, low: u32) -> Option<u32> {
        self.fill();
        self.ready(low).or_else(|| self.long(low))
    }

    /// Tells all that are left, so many together, each of which has its own `low`: quicker than taking them one by one.
    #[inline]
    pub fn each<const N: usize>(mut self, lows: [u32; N], mut tell: impl FnMut([u32; N])) {
        let mut numbers = [0; N];
        loop {
            for (number, low) in numbers.iter_mut().zip(lows) {
                match self.ready(low) {
                    Some(ready) => *number = ready,
                    None => match self.take(low) {
                        Some(taken) => *number = taken,
                        None => return,
                    },
                }
            }
            tell(numbers);
        }
    }

    /// The next number if all its bits are ready.
    #[inline]
    fn ready(&mut self, low: u32) -> Option<u32> {
        let ones = self.rest.trailing_ones();
        let len = ones + 1 + low;
        if len > self.count {
            return None;
        }
        let number = ones.wrapping_shl(low) | (self.rest >> ones >> 1) as u32 & ((1 << low) - 1);
        self.rest >>= len;
        self.count -= len;
        Some(number)
    }

    /// The next number if it has more ones than can be made ready at once.
    #[cold]
    fn long(&mut self, low: u32) -> Option<u32> {
        let mut high = 0u32;
        while self.rest.trailing_ones() >= self.count {
            if self.bytes.is_empty() {
                return None;
            }
            high = high.wrapping_add(self.count);
            (self.rest, self.count) = (0, 0);
            self.fill();
        }
        // not enough low bits behind the ones that are ready: leave few ones
        let ones = self.rest.trailing_ones();
        self.rest >>= ones;
        self.count -= ones;
        self.fill();
        Some(high.wrapping_add(ones).checked_shl(low)? | self.ready(low)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_come_back(numbers in proptest::collection::vec((0u32..60_000, 0u32..16), 0..300), damage in 0usize..100) {
            let mut bytes = vec![7];
            let mut bits = Bits::new(&mut bytes);
            numbers.iter().for_each(|&(number, low)| bits.push(number >> (15 - low), low));
            bits.finish();
            let mut read = Numbers::new(&bytes[1..]);
            for &(number, low) in &numbers {
                prop_assert_eq!(read.take(low), Some(number >> (15 - low)));
            }
            prop_assert_eq!(read.take(0), None);
            let (mut same, mut all) = (Vec::new(), Vec::new());
            let mut bits = Bits::new(&mut same);
            numbers.iter().for_each(|&(number, _)| bits.push(number, 6));
            bits.finish();
            Numbers::new(&same).each([6], |[number]| all.push(number));
            prop_assert!(all.iter().eq(numbers.iter().map(|(number, _)| number)));
            let (mut mixed, mut both) = (Vec::new(), Vec::new());
            let mut bits = Bits::new(&mut mixed);
            for &(number, count) in &numbers {
                bits.push(number, 9);
                bits.push(count, 0);
            }
            bits.finish();
            Numbers::new(&mixed).each([9, 0], |[number, count]| both.push((number, count)));
            prop_assert_eq!(&both, &numbers);
            let mut cut = Numbers::new(&bytes[1..bytes.len() - damage.min(bytes.len() - 1)]);
            while cut.take(3).is_some() {}
            Numbers::new(&same[..same.len() - damage.min(same.len())]).each([3, 1], |[_, _]| ());
        }
    }
}
