package main_test

import (
	"math/rand/v2"
	"strings"
)

// oddJSON writes texts that parsers read differently, and now and then what is no JSON at all.
type oddJSON struct {
	*rand.Rand
	wrong float64 // how often a piece of text is no JSON
}

var (
	oddNumbers = strings.Fields(`0 -0 -0.0 0e0 -0e-9 1 10 1.0 1.10 1e2 1E+2 1e-7 0.1 0.30000000000000004 5e-324 2e-324 1e-400 -1e-400 2.2250738585072011e-308
		2.2250738585072014e-308 1.7976931348623157e308 9007199254740991 9007199254740992 9007199254740993 18446744073709551616 -9223372036854775809
		123456789012345678901234567890.123456789 0.000000000000000000000000000000000000001 1000000000000000000000000000000000000000000000000000000000000`)
	oddTexts = []string{
		"x", "a b", "é", "😀", "\u2028", "\u2029", "\ufeff", "\u0085", "\u00a0", "\u200b", "\u202e", "\ufffd", "\uffff", "\U0010ffff", "ſ", "\u212a", "e\u0301", "\x7f", "'", "//", "/*", "<!--", "</script>",
		`\u0061`, `\u00e9`, `\ud83d\ude00`, `\uD83D\uDE00`, `\u0000`, `\u001f`, `\u2028`, `\uffff`, `\udbff\udfff`, `\"`, `\\`, `\/`, `\b\f\n\r\t`, `\\u0061`, `\\\\`, `\\\"`, `\u005c`, `\u0022`,
	}
	oddNames   = []string{"a", "b", `\u0061`, "A", "á", "a\u0301", "__proto__", `__proto\u005f_`, "constructor", "prototype", "toString", "toJSON", "length", "", "0", "1", "01", "-1", "4294967295", "Model", "ſtream", `a\u0000b`, `a\\b`, `a\/b`, "\ufeff"}
	oddBlanks  = []string{"", "", "", "", " ", "\t", "\n", "\r\n", "  "}
	notNumbers = strings.Fields(`1e400 -1e309 1.8e308 01 -01 1. .5 +1 - 1e 1e+ 0x1 1_0 NaN Infinity -Infinity 1n 1f ١ 1.0.0 --1`)
	notTexts   = []string{"\n", "\x00", "\x1f", "\xff", "\xc0\xaf", "\xed\xa0\xbd", "\xf5\x80\x80\x80", "\xe2\x80", `\ud83d`, `\ude00`, `\ude00\ud83d`, `\ud83dx`, `\ud83d\u0041`, `\u12`, `\x41`, `\'`, `\`, `\U0001f600`, `\0`, `"`}
	notBlanks  = []string{"\f", "\v", "\u00a0", "\u2028", "\ufeff", "\x00", "/**/", "//\n", ",", "}", "]"}
	notValues  = []string{"", "nul", "True", "undefined", "'a'", "`a`", "a", "[1,]", "[,1]", `{"a":1,}`, `{a:1}`, `{"a" 1}`, `{"a":}`, "[1 2]", "nullnull"}
)

// chat is a chat whose text is odd, with odd members.
func (o oddJSON) chat() string {
	members := []string{o.member(`"model"`, `"m"`), o.member(o.pick([]string{`"messages"`, `"mess\u0061ges"`}, nil), `[{"role":"user","content":`+o.text()+`}]`)}
	for range o.IntN(5) {
		members = append(members, o.member(o.name(), o.value(3)))
	}
	if o.IntN(3) == 0 {
		members = append(members, o.member(o.pick([]string{`"temperature"`, `"temperatur\u0065"`}, nil), o.pick([]string{"-0", "0.10", "1e-1", "1E0", "1.000", "0.30000000000000004"}, nil)))
	}
	o.Shuffle(len(members), func(i, j int) { members[i], members[j] = members[j], members[i] })
	return o.blank() + "{" + strings.Join(members, ",") + "}" + o.blank()
}

func (o oddJSON) member(name, value string) string {
	return o.blank() + name + o.blank() + ":" + o.blank() + value + o.blank()
}

func (o oddJSON) value(depth int) string {
	kind := o.IntN(6)
	if depth == 0 {
		kind %= 4
	}
	var list []string
	switch kind {
	case 0:
		return o.pick([]string{"null", "true", "false"}, notValues)
	case 1:
		return o.text()
	case 2, 3:
		return o.pick(oddNumbers, notNumbers)
	case 4:
		for range o.IntN(4) {
			list = append(list, o.blank()+o.value(depth-1)+o.blank())
		}
		return "[" + strings.Join(list, ",") + "]"
	}
	for range o.IntN(4) {
		list = append(list, o.member(o.name(), o.value(depth-1)))
	}
	return "{" + strings.Join(list, ",") + "}"
}

func (o oddJSON) text() string {
	var b strings.Builder
	for range o.IntN(6) {
		b.WriteString(o.pick(oddTexts, notTexts))
	}
	return `"` + b.String() + `"`
}

func (o oddJSON) name() string  { return `"` + o.pick(oddNames, notTexts) + `"` }
func (o oddJSON) blank() string { return o.pick(oddBlanks, notBlanks) }

// pick returns one of good, or now and then one of bad.
func (o oddJSON) pick(good, bad []string) string {
	if bad != nil && o.Float64() < o.wrong {
		return bad[o.IntN(len(bad))]
	}
	return good[o.IntN(len(good))]
}
