# Intune remediation, detection script: is a login on $Site stuck in a browser of this person? docs/fleet.md
# Assign it with "Run this script using the logged-on credentials: Yes" and "Run script in 64-bit PowerShell: Yes".
# Prints one line and ends with 1 only if unstick has found something that it can fix: then Intune runs remediate.ps1.
# Everything else ends with 0, also what could not be told ("not known"): a fault must not start a removal.
$Site = 'intranet.example'
$Retest = 'none'    # http: ask the site, too
$Unstick = Join-Path $env:ProgramFiles 'unstick\unstick.exe'
$Log = Join-Path $env:LOCALAPPDATA 'unstick\intune.log'

function Write-Summary([string]$Text) {
    $line = $Text -replace '[\r\n]+', ' '
    if ($line.Length -gt 2000) { $line = $line.Substring(0, 2000) }    # Intune keeps 2048
    New-Item -ItemType Directory -Force -Path (Split-Path $Log) -ErrorAction SilentlyContinue | Out-Null
    Add-Content -Path $Log -Encoding UTF8 -Value "$(Get-Date -Format s) detect: $line" -ErrorAction SilentlyContinue
    Write-Output $line
}

if (-not (Test-Path -LiteralPath $Unstick)) {
    Write-Summary "not known: there is no $Unstick"
    exit 0
}
try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding } catch { }    # there may be no console
$output = & $Unstick why $Site --json --retest $Retest
$code = $LASTEXITCODE
try { $report = ($output -join "`n") | ConvertFrom-Json } catch { $report = $null }
if ($null -eq $report) {
    Write-Summary "not known: exit code $code and no report"
    exit 0
}

if ($code -eq 10) {
    $rules = @($report.findings | ForEach-Object { $_.rule }) -join ', '
    Write-Summary "needs a fix: $rules. $($report.verdict.text)"
    exit 1
}
if ($code -eq 0 -or $code -eq 9) {
    Write-Summary "nothing wrong: $($report.verdict.text)"
    exit 0
}
Write-Summary "not known: exit code $code. $($report.verdict.text)"
exit 0
