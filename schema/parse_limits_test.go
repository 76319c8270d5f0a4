package schema_test

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// The limits of S13, from both sides.
func TestParseLimits(t *testing.T) {
	for name, test := range map[string]struct{ good, bad, reason string }{
		"objects in one another": {nest(`{"a":`, `1`, `}`, 64), nest(`{"a":`, `1`, `}`, 65), "nested deeper than 64 levels"},
		"lists in one another":   {`{"a":` + nest(`[`, ``, `]`, 63) + `}`, `{"a":` + nest(`[`, ``, `]`, 64) + `}`, "nested deeper than 64 levels"},
		"empty object inside":    {nest(`{"a":`, `{}`, `}`, 63), nest(`{"a":`, `{}`, `}`, 64), "nested deeper than 64 levels"},
		"values in a list":       {`{"a":[` + list("0", 99_999) + `]}`, `{"a":[` + list("0", 100_000) + `]}`, "more than 100000 values"},
		"values in the root":     {object(100_000), object(100_001), "more than 100000 values"},
		"values in an object":    {`{"a":` + object(99_999) + `}`, `{"a":` + object(100_000) + `}`, "more than 100000 values"},
		"values at every level": {
			`{"a":[` + list(`{"b":[0]}`, 33_333) + `]}`, `{"a":[` + list(`{"b":[0]}`, 33_334) + `]}`, "more than 100000 values",
		},
		"digits":              {`{"a":` + digits(128) + `}`, `{"a":` + digits(129) + `}`, "longer than 128 characters"},
		"digits in a list":    {`{"a":[-` + digits(127) + `]}`, `{"a":[-` + digits(128) + `]}`, "longer than 128 characters"},
		"digits of a part":    {`{"a":0.` + digits(126) + `}`, `{"a":0.` + digits(127) + `}`, "longer than 128 characters"},
		"digits of exponents": {`{"a":0e` + digits(126) + `}`, `{"a":0e` + digits(127) + `}`, "longer than 128 characters"},
		"name":                {`{"` + text(1024) + `":1}`, `{"` + text(1025) + `":1}`, "a name is longer than 1024 bytes"},
		"nested name":         {`{"a":{"` + text(1024) + `":1}}`, `{"a":{"` + text(1025) + `":1}}`, "a name is longer than 1024 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := joined(parse(t, test.good)); got != test.good {
				t.Errorf("got %.100s, want %.100s", got, test.good)
			}
			if got := refusal(t, test.bad); !strings.Contains(got, test.reason) {
				t.Errorf("got %q, want %q in it", got, test.reason)
			}
		})
	}
}

func TestParseTakesLongTexts(t *testing.T) {
	want := text(16 << 20)
	if got := parse(t, `{"a":"`+want+`"}`).Text("a"); got != want {
		t.Errorf("got %d bytes, want %d", len(got), len(want))
	}
}

func nest(open, inside, shut string, levels int) string {
	return strings.Repeat(open, levels) + inside + strings.Repeat(shut, levels)
}

func list(value string, n int) string {
	return strings.TrimSuffix(strings.Repeat(value+",", n), ",")
}

func object(members int) string {
	var b strings.Builder
	for i := range members {
		b.WriteString(`,"` + strconv.Itoa(i) + `":0`)
	}
	return "{" + strings.TrimPrefix(b.String(), ",") + "}"
}

func digits(n int) string { return strings.Repeat("1", n) }

func text(n int) string { return strings.Repeat("x", n) }

func number(text string) json.Number { return json.Number(text) }

// decode reads text with another reader than ours.
func decode(t testing.TB, text string) any {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	var value any
	if err := decoder.Decode(&value); err != nil {
		t.Fatalf("encoding/json refuses %.200q: %v", text, err)
	}
	if decoder.More() {
		t.Fatalf("encoding/json finds more than one value in %.200q", text)
	}
	return value
}

// equal compares decoded values. A float64 equals a json.Number that rounds to it: a number with an
// exponent becomes one.
func equal(got, want any) bool {
	switch got := got.(type) {
	case map[string]any:
		want, ok := want.(map[string]any)
		if !ok || len(got) != len(want) {
			return false
		}
		for name := range got {
			if other, ok := want[name]; !ok || !equal(got[name], other) {
				return false
			}
		}
		return true
	case []any:
		want, ok := want.([]any)
		if !ok || len(got) != len(want) {
			return false
		}
		for i := range got {
			if !equal(got[i], want[i]) {
				return false
			}
		}
		return true
	case float64:
		if want, ok := want.(json.Number); ok {
			rounded, err := strconv.ParseFloat(want.String(), 64)
			return err == nil && strings.ContainsAny(want.String(), "eE") && got == rounded
		}
	}
	return reflect.DeepEqual(got, want)
}
