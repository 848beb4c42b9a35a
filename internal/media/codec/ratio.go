package codec

import "strconv"

// ratio is a fraction, 0/0 where unknown.
type ratio struct{ over, under uint64 }

func (r ratio) times(by ratio) ratio   { return ratio{r.over * by.over, r.under * by.under} }
func (r ratio) divided(by ratio) ratio { return ratio{r.over * by.under, r.under * by.over} }
func (r ratio) equals(to ratio) bool   { return r.over*to.under == r.under*to.over }

// reduced is the same fraction in lowest terms.
func (r ratio) reduced() ratio {
	common, rest := r.over, r.under
	for rest != 0 {
		common, rest = rest, common%rest
	}
	return ratio{r.over / common, r.under / common}
}

// text writes a fraction in lowest terms, "" where one of the numbers is 0.
func (r ratio) text(sign byte) string {
	if r.over == 0 || r.under == 0 {
		return ""
	}
	r = r.reduced()
	if text := r.known(sign); text != "" {
		return text
	}
	var space [41]byte // two numbers of 20 digits
	text := append(strconv.AppendUint(space[:0], r.over, 10), sign)
	return string(strconv.AppendUint(text, r.under, 10))
}

// known is the text of the commonest fractions, which thus need not be made.
func (r ratio) known(sign byte) string {
	if sign == ':' {
		if r == (ratio{1, 1}) {
			return "1:1"
		}
		return ""
	}
	switch r {
	case ratio{24000, 1001}:
		return "24000/1001"
	case ratio{30000, 1001}:
		return "30000/1001"
	case ratio{60000, 1001}:
		return "60000/1001"
	case ratio{24, 1}:
		return "24/1"
	case ratio{25, 1}:
		return "25/1"
	case ratio{30, 1}:
		return "30/1"
	case ratio{50, 1}:
		return "50/1"
	case ratio{60, 1}:
		return "60/1"
	}
	return ""
}
