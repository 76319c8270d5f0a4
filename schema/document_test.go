package schema_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/schema"
)

func TestEdits(t *testing.T) {
	const text = ` { "a" : 12345678901234567890 , "b":"x","c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0} } `
	for name, test := range map[string]struct {
		edit func(*schema.Document)
		want string
	}{
		"none":               {func(*schema.Document) {}, `{"a" : 12345678901234567890 , "b":"x","c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0}}`},
		"set in its place":   {func(d *schema.Document) { d.Set("b", `{"y":0.50}`) }, `{"a" : 12345678901234567890,"b":{"y":0.50},"c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0}}`},
		"set the first":      {func(d *schema.Document) { d.Set("a", `1`) }, `{"a":1,"b":"x","c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0}}`},
		"set an escaped one": {func(d *schema.Document) { d.Set("de", `1`) }, `{"a" : 12345678901234567890 , "b":"x","c" :[ 0.10, 1E5 ],"de":1}`},
		"set a new one":      {func(d *schema.Document) { d.Set(`"n"`, `null`) }, `{"a" : 12345678901234567890 , "b":"x","c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0},"\"n\"":null}`},
		"set twice":          {func(d *schema.Document) { d.Set("b", `1`); d.Set("b", `2`) }, `{"a" : 12345678901234567890,"b":2,"c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0}}`},
		"remove the first":   {func(d *schema.Document) { d.Remove("a") }, `{"b":"x","c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0}}`},
		"remove inside":      {func(d *schema.Document) { d.Remove("b") }, `{"a" : 12345678901234567890,"c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0}}`},
		"remove the last":    {func(d *schema.Document) { d.Remove("de") }, `{"a" : 12345678901234567890 , "b":"x","c" :[ 0.10, 1E5 ]}`},
		"remove none":        {func(d *schema.Document) { d.Remove("z") }, `{"a" : 12345678901234567890 , "b":"x","c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0}}`},
		"remove all":         {func(d *schema.Document) { removeAll(d) }, `{}`},
		"remove all but set": {func(d *schema.Document) { removeAll(d); d.Set("n", `0.10`) }, `{"n":0.10}`},
		"remove, then set":   {func(d *schema.Document) { d.Remove("a"); d.Set("a", `1`) }, `{"b":"x","c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0},"a":1}`},
		"rename":             {func(d *schema.Document) { d.Rename("a", "A") }, `{"A":12345678901234567890,"b":"x","c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0}}`},
		"rename none":        {func(d *schema.Document) { d.Rename("z", "a") }, `{"a" : 12345678901234567890 , "b":"x","c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0}}`},
		"rename to a later":  {func(d *schema.Document) { d.Rename("a", "c") }, `{"c":12345678901234567890,"b":"x", "d\u0065" : {"x":-0}}`},
		"rename to a former": {func(d *schema.Document) { d.Rename("c", "a") }, `{"b":"x","a":[ 0.10, 1E5 ], "d\u0065" : {"x":-0}}`},
		"rename to itself":   {func(d *schema.Document) { d.Rename("b", "b") }, `{"a" : 12345678901234567890 , "b":"x","c" :[ 0.10, 1E5 ], "d\u0065" : {"x":-0}}`},
	} {
		t.Run(name, func(t *testing.T) {
			d := parse(t, text)
			test.edit(d)
			got := strings.ReplaceAll(joined(d), ", \"d", ",\"d") // white space between members may stay or go
			if want := strings.ReplaceAll(test.want, ", \"d", ",\"d"); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

func removeAll(d *schema.Document) {
	for _, name := range d.Names() {
		d.Remove(name)
	}
}

func TestReading(t *testing.T) {
	d := parse(t, `{"s":"t\u00e9","yes":true,"no":false,"n": 0.10 ,"o" : { "a" : 1 } ,"null":null}`)
	if got := d.Text("s") + d.Text("n") + d.Text("gone"); got != "té" {
		t.Errorf("got text %q, want té", got)
	}
	if !d.True("yes") || d.True("no") || d.True("n") || d.True("gone") {
		t.Error("only yes is true")
	}
	for name, want := range map[string]string{"s": `"t\u00e9"`, "n": `0.10`, "o": `{ "a" : 1 }`, "null": `null`, "gone": ``} {
		if got := string(d.Source(name)); got != want {
			t.Errorf("got source %q of %s, want %q", got, name, want)
		}
	}
	if value, ok := d.Value("null"); value != nil || !ok {
		t.Error("null is a value")
	}
	if got, want := d.Names(), []string{"s", "yes", "no", "n", "o", "null"}; !slices.Equal(got, want) {
		t.Errorf("got names %q, want %q", got, want)
	}
	d.Set("n", "1")
	if _, ok := d.Value("n"); ok || d.Source("n") != nil {
		t.Error("a member that was Set has neither value nor source")
	}
	d.Rename("o", "p")
	if value, _ := d.Value("p"); !equal(value, map[string]any{"a": number("1")}) {
		t.Errorf("got %v, want the value to move with the name", value)
	}
}

func TestSegmentsShareMemory(t *testing.T) {
	text := []byte(`{"stream":null,"messages":"` + text(1<<20) + `","seed":1}`)
	d, err := schema.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	d.Remove("stream")
	d.Set("seed", "2")
	for _, segment := range d.Segments() {
		if len(segment) > 1<<20 {
			if &segment[0] == &text[len(`{"stream":null,`)] {
				return
			}
			t.Fatal("the long member was copied")
		}
	}
	t.Fatal("the long member is gone")
}

// A model is what a Document should be: values by name, and which names were never edited.
type model struct {
	values map[string]string // JSON text
	parsed map[string]bool
}

func TestEditsLikeAMap(t *testing.T) {
	names := []string{"a", "b", "c", "é", "\"", "", "long name", "<&>"}
	values := []string{`12345678901234567890`, `0.10`, `-0`, `"\ud83d\ude00"`, ` { "x" : [ 1 , 2 ] } `, `[]`, `null`, `1e5`, `"}"`}
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 0))
		pick := func(list []string) string { return list[random.IntN(len(list))] }
		m := model{map[string]string{}, map[string]bool{}}
		var members []string
		for _, i := range random.Perm(len(names))[:random.IntN(len(names))] {
			m.values[names[i]], m.parsed[names[i]] = pick(values), true
			members = append(members, schema.Quote(names[i])+pick([]string{":", " :\n"})+m.values[names[i]])
		}
		d := parse(t, "\n{ "+strings.Join(members, pick([]string{",", " , "}))+" }")
		history := ""
		for range random.IntN(12) {
			name, other, value := pick(names), pick(names), pick(values)
			switch random.IntN(3) {
			case 0:
				history += fmt.Sprintf(" Set(%q, %s)", name, value)
				d.Set(name, value)
				m.values[name], m.parsed[name] = value, false
			case 1:
				history += fmt.Sprintf(" Remove(%q)", name)
				d.Remove(name)
				delete(m.values, name)
				delete(m.parsed, name)
			case 2:
				history += fmt.Sprintf(" Rename(%q, %q)", name, other)
				d.Rename(name, other)
				if m.parsed[name] && name != other {
					value := m.values[name]
					delete(m.values, name)
					delete(m.parsed, name)
					m.values[other], m.parsed[other] = value, false
				}
			}
			checkModel(t, d, m, fmt.Sprintf("seed %d:%s", seed, history))
		}
	}
}

func checkModel(t *testing.T, d *schema.Document, m model, history string) {
	t.Helper()
	var members []string
	for name, value := range m.values {
		members = append(members, schema.Quote(name)+":"+value)
	}
	got, want := joined(d), "{"+strings.Join(members, ",")+"}"
	if !equal(decode(t, got), decode(t, want)) {
		t.Fatalf("%s\ngot  %s\nwant %s", history, got, want)
	}
	if _, err := schema.Parse([]byte(got)); err != nil { // no name twice, and more
		t.Fatalf("%s\ngot %s: %v", history, got, err)
	}
	names := slices.Sorted(slices.Values(d.Names()))
	if want := slices.Sorted(maps.Keys(m.values)); !slices.Equal(names, want) {
		t.Fatalf("%s\ngot names %q, want %q", history, names, want)
	}
	for name := range m.values {
		if source := d.Source(name); m.parsed[name] != (source != nil) || source != nil && string(source) != strings.TrimSpace(m.values[name]) {
			t.Fatalf("%s\ngot source %s of %q, want %s", history, source, name, m.values[name])
		}
	}
}
