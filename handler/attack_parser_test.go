package main_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"inferenceconnector/schema"
)

// testSecondParser sends odd texts, and has what reaches the model read by another parser, Node's, which must
// find the values that were validated (S12): else a text can be one thing to us and another to the endpoint.
func (p program) testSecondParser(t *testing.T) {
	a := p.attack(t, nil)
	const texts = 4000
	seed := rand.Uint64()
	odd := oddJSON{rand.New(rand.NewPCG(seed, 0)), 0.004}
	var validated []*schema.Document
	var forwarded []string
	for range texts {
		text := odd.chat()
		response := a.post(t, programChat, text, "api-key: "+attackedKey, "extra-parameters: pass-through")
		readBody(t, response)
		d, err := schema.Parse([]byte(text))
		code := response.Header.Get("x-ms-error-code")
		if (err != nil) != (code == "InvalidJson") || (code == "") != (response.StatusCode == http.StatusOK) {
			t.Fatalf("seed %d: %q: got %d %s, and from the reader %v", seed, text, response.StatusCode, code, err)
		}
		seen := a.sent()
		if len(seen) != map[bool]int{true: 1}[code == ""] {
			t.Fatalf("seed %d: %q: got %s, and %d calls of the model", seed, text, code, len(seen))
		}
		if code == "" {
			validated, forwarded = append(validated, d), append(forwarded, seen[0].body)
		}
	}
	if n := len(forwarded); n < texts/4 || n > texts*9/10 {
		t.Fatalf("seed %d: %d of %d texts were taken, which shows little", seed, n, texts)
	}
	for i, read := range readByNode(t, forwarded) {
		if difference := unlike(validated[i], read); difference != "" {
			t.Errorf("seed %d: Node reads %q in another way: %s", seed, forwarded[i], difference)
		}
	}
}

// readByNode returns the members of each text as the script in testdata writes them.
func readByNode(t *testing.T, texts []string) (read []map[string]string) {
	t.Helper()
	var input bytes.Buffer
	for _, text := range texts {
		fmt.Fprintln(&input, base64.StdEncoding.EncodeToString([]byte(text)))
	}
	command := exec.CommandContext(t.Context(), "node", "testdata/parse.js")
	command.Stdin = &input
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%v; the second parser is Node.js", err)
	}
	for line := range bytes.Lines(output) {
		var members map[string]string
		if err := json.Unmarshal(line, &members); err != nil {
			t.Fatal(err)
		}
		read = append(read, members)
	}
	if len(read) != len(texts) {
		t.Fatalf("got %d answers to %d texts", len(read), len(texts))
	}
	return read
}

// unlike says where a reading differs from what was validated. Defaults are beside it.
func unlike(d *schema.Document, read map[string]string) string {
	if read == nil {
		return "it refuses it"
	}
	for _, name := range d.Names() {
		value, _ := d.Value(name)
		if got, want := read[inHex(name)], written(value); got != want {
			return fmt.Sprintf("%q is %s, want %s", name, got, want)
		}
		delete(read, inHex(name))
	}
	for _, name := range []string{"temperature", "top_p", "frequency_penalty", "presence_penalty"} {
		delete(read, inHex(name))
	}
	if len(read) > 0 {
		return fmt.Sprintf("there is %v as well", read)
	}
	return ""
}

// written writes a value as the script does.
func written(value any) string {
	switch value := value.(type) {
	case json.Number:
		number, _ := strconv.ParseFloat(value.String(), 64)
		return written(number)
	case float64:
		return fmt.Sprintf("#%016x", math.Float64bits(value))
	case string:
		return `"` + inHex(value)
	case []any:
		var list []string
		for _, entry := range value {
			list = append(list, written(entry))
		}
		return "[" + strings.Join(list, ",") + "]"
	case map[string]any:
		var list []string
		for name, entry := range value {
			list = append(list, inHex(name)+":"+written(entry))
		}
		slices.Sort(list)
		return "{" + strings.Join(list, ",") + "}"
	}
	return map[any]string{nil: "null", true: "true", false: "false"}[value]
}

func inHex(text string) string {
	var units []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		units = append(units, byte(unit>>8), byte(unit))
	}
	return hex.EncodeToString(units)
}
