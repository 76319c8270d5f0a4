package connector

import (
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Every code has one row in the table, and every row a code.
func TestTableOfFailuresIsComplete(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "errors.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var declared []Code
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if ok && fmt.Sprint(spec.Type) == "Code" {
			text, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			declared = append(declared, Code(text))
		}
		return true
	})
	var listed []Code
	for _, f := range Failures {
		listed = append(listed, f.Code)
		if f.Status < 400 || f.Status > 599 || f.When == "" {
			t.Errorf("%s: status %d, when %q", f.Code, f.Status, f.When)
		}
	}
	slices.Sort(declared)
	slices.Sort(listed)
	if len(declared) == 0 || !slices.Equal(declared, listed) {
		t.Errorf("declared %v\nlisted   %v", declared, listed)
	}
}

func TestUnknownErrorsStayInside(t *testing.T) {
	e := AsError(errors.New("dial 10.0.0.1: secret"))
	if e.Code != InternalError || strings.Contains(string(e.JSON()), "10.0.0.1") || !strings.Contains(e.Error(), "10.0.0.1") {
		t.Errorf("caller sees %s, log sees %s", e.JSON(), e)
	}
	wrapped := fmt.Errorf("host: %w", &Error{Code: Overloaded, Message: "m"})
	if got := AsError(wrapped); got.Code != Overloaded || got.Status() != 503 {
		t.Errorf("got %v", got)
	}
}

func TestSecretsCannotPrintThemselves(t *testing.T) {
	secret := NewSecret("s3cr3t")
	holder := struct {
		Key  Secret
		Keys []*Secret
		key  Secret
	}{secret, []*Secret{&secret}, secret}
	marshalled, err := json.Marshal(holder)
	if err != nil {
		t.Fatal(err)
	}
	var logged strings.Builder
	slog.New(slog.NewTextHandler(&logged, nil)).Info("m", "key", secret, "holder", holder)
	for _, text := range []string{
		fmt.Sprint(secret), fmt.Sprintf("%v %+v %#v %s %q %x %d", secret, secret, secret, secret, secret, secret, secret),
		fmt.Sprintf("%v %+v %#v", holder, holder, holder), string(marshalled), logged.String(),
		fmt.Errorf("wrapped: %v", secret).Error(),
	} {
		for _, leak := range []string{"s3cr3t", "733363723374"} {
			if strings.Contains(text, leak) {
				t.Errorf("leaked in %s", text)
			}
		}
	}
	if secret.Reveal() != "s3cr3t" || secret.IsZero() || !NewSecret("").IsZero() {
		t.Error("a secret does not keep its text")
	}
}
