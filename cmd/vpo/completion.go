package main

import (
	"fmt"

	"github.com/spf13/cobra"
)

func (c *cli) completionCommand() *cobra.Command {
	shells := []string{"bash", "zsh", "fish", "powershell"}
	return &cobra.Command{
		Use:   "completion SHELL",
		Short: "Print the completion script of a shell (bash, zsh, fish, powershell)",
		Long: `Print a script that lets a shell complete the commands and flags of vpo.

  bash        vpo completion bash > ~/.local/share/bash-completion/completions/vpo
  zsh         vpo completion zsh > "${fpath[1]}/_vpo"
  fish        vpo completion fish > ~/.config/fish/completions/vpo.fish
  powershell  vpo completion powershell | Out-String | Invoke-Expression

It takes effect in the next shell that is started.`,
		Example:   "  source <(vpo completion bash)",
		PreRunE:   checkGlobalFlags,
		ValidArgs: shells,
		Args:      exactArgs(1, "the shell: bash, zsh, fish or powershell"),
		RunE: func(cmd *cobra.Command, args []string) error {
			root := cmd.Root()
			switch args[0] {
			case "bash":
				return root.GenBashCompletionV2(c.stdout, true)
			case "zsh":
				return root.GenZshCompletion(c.stdout)
			case "fish":
				return root.GenFishCompletion(c.stdout, true)
			case "powershell":
				return root.GenPowerShellCompletionWithDesc(c.stdout)
			}
			return usageError(cmd, fmt.Errorf("unknown shell %q: use bash, zsh, fish or powershell", args[0]))
		},
	}
}
