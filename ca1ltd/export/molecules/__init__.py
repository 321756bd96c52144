"""The cascade of spines drawn as whole molecules, its reactions one by one."""
